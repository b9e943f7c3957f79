import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { fromServiceError } from '@mien/errors';

/** What a call came to: ok, or the reason why not. */
export type Outcome = string;

const TIMEOUT_MS = 60_000;

/** Reasons by which a call is kept out, whatever it asks. */
const KEPT_OUT: ReadonlySet<Outcome> = new Set(['KEY_MISSING', 'KEY_INVALID', 'ROLE_INSUFFICIENT']);

export function isKeptOut(outcome: Outcome): boolean {
  return KEPT_OUT.has(outcome);
}

/** Calls methods with empty requests, which harm nobody: they are let in or kept out before they are looked at. */
export class Knocker {
  private readonly client: Client;

  constructor(grpcAddress: string) {
    this.client = new Client(grpcAddress, credentials.createInsecure());
  }

  async overGrpc(method: string, key: string | undefined): Promise<Outcome> {
    const metadata = new Metadata();
    if (key !== undefined) {
      metadata.set('authorization', `Bearer ${key}`);
    }
    const bytes = (body: Buffer) => body;
    const call = this.client.makeBidiStreamRequest(`/${method}`, bytes, bytes, metadata, {
      deadline: Date.now() + TIMEOUT_MS,
    });
    return await new Promise((resolve) => {
      call.on('data', () => undefined);
      call.on('error', (error: ServiceError) => resolve(fromServiceError(error).reason));
      call.on('status', ({ code }) => code === 0 && resolve('ok'));
      call.write(Buffer.alloc(0));
      call.end();
    });
  }

  close(): void {
    this.client.close();
  }
}

export async function knockOverHttp(
  httpAddress: string,
  { method, path }: { readonly method: string; readonly path: string },
  key: string | undefined,
): Promise<Outcome> {
  const form = path === '/v1/clusters';
  const hasBody = method !== 'GET' && method !== 'DELETE' && !form;
  const response = await fetch(`http://${httpAddress}${path.replaceAll(/\{\w+\}/g, 'x')}`, {
    method,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(hasBody ? { body: '{}' } : {}),
    ...(form ? { body: new FormData() } : {}),
  });
  const text = await response.text();
  if (response.ok) {
    return 'ok';
  }
  const { error } = JSON.parse(text) as { error: { reason: string } };
  return error.reason;
}
