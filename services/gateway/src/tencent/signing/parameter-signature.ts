import { createHmac } from 'node:crypto';
import { TencentError } from '../errors/tencent-error';
import { type Claim, type SignedRequest, signedHosts } from './signed-request';

const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['HmacSHA1', 'sha1'],
  ['HmacSHA256', 'sha256'],
]);

/**
 * Reads the older kind of signature, which is one of the parameters: HmacSHA1 or HmacSHA256, in base64, over all
 * others sorted by name. Throws AuthFailure.InvalidAuthorization.
 */
export function readParameterSignature(
  request: SignedRequest,
  parameters: ReadonlyMap<string, string>,
): Claim {
  const algorithm = ALGORITHMS.get(parameters.get('SignatureMethod') ?? 'HmacSHA1');
  const [secretId, timestamp, nonce, signature] = ['SecretId', 'Timestamp', 'Nonce', 'Signature'].map(
    (name) => parameters.get(name),
  );
  if (
    algorithm === undefined ||
    !secretId ||
    !nonce ||
    !signature ||
    timestamp === undefined ||
    !/^\d{1,10}$/.test(timestamp)
  ) {
    throw new TencentError('AuthFailure.InvalidAuthorization');
  }
  const names = [...parameters.keys()].filter((name) => name !== 'Signature').sort();
  const signed = names.map((name) => `${name}=${parameters.get(name) ?? ''}`).join('&');
  return {
    secretId,
    timestamp: Number(timestamp),
    signature,
    expected: (secretKey) =>
      signedHosts(request).map((host) =>
        createHmac(algorithm, secretKey).update(`${request.method}${host}/?${signed}`).digest('base64'),
      ),
  };
}
