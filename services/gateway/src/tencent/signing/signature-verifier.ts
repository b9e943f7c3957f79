import { randomBytes, timingSafeEqual } from 'node:crypto';
import { TencentError } from '../errors/tencent-error';
import type { Claim } from './signed-request';
import type { SigningKey, SigningKeys } from './signing-keys';

/** How far a timestamp may be off. */
const CLOCK_SECONDS = 300;

/** Whose a signed request is, if it is signed rightly and now. */
export class SignatureVerifier {
  /** Of nobody: unknown ids are given as much work as known ones. */
  private readonly decoy = randomBytes(32).toString('base64url');

  constructor(private readonly keys: SigningKeys) {}

  /**
   * The key that signed. Every check is made before any is told of, so that how long the answer takes says nothing of
   * the signature. Throws AuthFailure codes.
   */
  verify(claim: Claim, nowMs: number = Date.now()): SigningKey {
    const key = this.keys.find(claim.secretId);
    const right = isSignature(claim, key?.secretKey ?? this.decoy);
    const fresh = Math.abs(nowMs / 1_000 - claim.timestamp) <= CLOCK_SECONDS;
    if (key === undefined) {
      throw new TencentError('AuthFailure.SecretIdNotFound');
    }
    if (!fresh) {
      throw new TencentError('AuthFailure.SignatureExpire');
    }
    if (!right) {
      throw new TencentError('AuthFailure.SignatureFailure');
    }
    return key;
  }
}

/** In constant time: all of the expected signatures are made and compared, whichever is right. */
function isSignature({ signature, expected }: Claim, secretKey: string): boolean {
  const given = Buffer.from(signature);
  return expected(secretKey)
    .map((text) => {
      const wanted = Buffer.from(text);
      const comparable = given.length === wanted.length ? given : Buffer.alloc(wanted.length);
      return timingSafeEqual(comparable, wanted);
    })
    .includes(true);
}
