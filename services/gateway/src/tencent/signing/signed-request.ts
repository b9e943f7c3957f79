import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came, which its signature is checked against. */
export interface SignedRequest {
  readonly method: string;
  /** Without the question mark, as the client encoded it. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a request says of who signed it and when. */
export interface Claim {
  readonly secretId: string;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly signature: string;
  /**
   * The signatures that the key would have given, in the same form. Several, because clients do not agree on what they
   * sign of a host with a port, and on the case of header values. Their number depends on the request alone.
   */
  expected(secretKey: string): readonly string[];
}

/** Host names that a client may have signed: with the port, as HTTP has it, or without, as the official SDKs do. */
export function signedHosts({ headers }: SignedRequest): readonly [string, string] {
  const host = headers.host ?? '';
  return [host, host.replace(/:\d+$/, '')];
}
