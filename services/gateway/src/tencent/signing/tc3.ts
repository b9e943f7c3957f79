import { createHash, createHmac } from 'node:crypto';
import { TencentError } from '../errors/tencent-error';
import { type Claim, type SignedRequest, signedHosts } from './signed-request';

const AUTHORIZATION =
  /^TC3-HMAC-SHA256 Credential=([^/,\s]{1,128})\/(\d{4}-\d{2}-\d{2})\/([^/,\s]{1,128})\/tc3_request, ?SignedHeaders=([a-z0-9;-]{1,512}), ?Signature=([0-9a-f]{64})$/;
/** Headers that every signature has to cover. */
const REQUIRED = ['content-type', 'host'];

/** Reads a TC3-HMAC-SHA256 signature. Throws AuthFailure.InvalidAuthorization. */
export function readTc3(request: SignedRequest): Claim {
  const [, secretId, date, service, list, signature] =
    AUTHORIZATION.exec(request.headers.authorization ?? '') ?? [];
  const timestamp = header(request, 'x-tc-timestamp');
  const names = list?.split(';') ?? [];
  if (
    secretId === undefined ||
    date === undefined ||
    service === undefined ||
    signature === undefined ||
    !/^\d{1,10}$/.test(timestamp) ||
    !REQUIRED.every((name) => names.includes(name)) ||
    names.some((name) => request.headers[name] === undefined)
  ) {
    throw new TencentError('AuthFailure.InvalidAuthorization');
  }
  const seconds = Number(timestamp);
  const scope = `${date}/${service}/tc3_request`;
  const bodyHash = sha256(request.body);
  return {
    secretId,
    timestamp: seconds,
    signature,
    expected: (secretKey) => {
      // A scope of another day than the timestamp's has no signature that would be right.
      const day = new Date(seconds * 1_000).toISOString().slice(0, 10);
      const key = signingKey(secretKey, day, service);
      return canonicalRequests(request, names, bodyHash).map((canonical) =>
        createHmac('sha256', key)
          .update(['TC3-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n'))
          .digest('hex'),
      );
    },
  };
}

function signingKey(secretKey: string, date: string, service: string): Buffer {
  const ofDate = hmac(`TC3${secretKey}`, date);
  return hmac(hmac(ofDate, service), 'tc3_request');
}

/** The request as it may have been signed: with and without the port, header values as they are and in lower case. */
function canonicalRequests(request: SignedRequest, names: readonly string[], bodyHash: string): string[] {
  return signedHosts(request).flatMap((host) => {
    const values = names.map((name) => (name === 'host' ? host : header(request, name).trim()));
    return [values, values.map((value) => value.toLowerCase())].map((written) => {
      const headers = names.map((name, index) => `${name}:${written[index]}\n`).join('');
      return [request.method, '/', request.query, headers, names.join(';'), bodyHash].join('\n');
    });
  });
}

function header({ headers }: SignedRequest, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : (value?.join(',') ?? '');
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
