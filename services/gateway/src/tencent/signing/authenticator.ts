import { randomBytes, timingSafeEqual } from 'node:crypto';
import { TencentError } from '../errors/tencent-error';
import { ReplayMemory } from './replay-memory';
import type { Claim } from './signed-request';
import type { SigningKey, SigningKeys } from './signing-keys';

/** How far a timestamp may be off. */
const CLOCK_SECONDS = 300;
/** A signature of a clock that is five minutes fast stays good for ten. */
const REMEMBER_MS = 2 * CLOCK_SECONDS * 1_000;
/** Requests of the same second reach us within it. */
const REPEAT_MS = 5_000;

/** Whose a signed request is, if it is signed rightly, now, and for the first time. */
export class Authenticator {
  private readonly replays: ReplayMemory;
  /** Of nobody: unknown ids are given as much work as known ones. */
  private readonly decoy = randomBytes(32).toString('base64url');

  /** @param lenientSeconds for so long the same request is taken again, for clients without trace ids; 0 is strict */
  constructor(
    private readonly keys: SigningKeys,
    lenientSeconds: number,
  ) {
    this.replays = new ReplayMemory(
      REMEMBER_MS,
      REPEAT_MS,
      lenientSeconds === 0 ? -1 : lenientSeconds * 1_000,
    );
  }

  /**
   * The key that signed. Every check is made before any is told of, so that how long the answer takes says nothing of
   * the signature. Throws AuthFailure codes.
   */
  check(claim: Claim, trace: string, nowMs: number = Date.now()): SigningKey {
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
    if (!this.replays.take(`${claim.secretId} ${claim.signature}`, trace, performance.now())) {
      throw new TencentError('AuthFailure.SignatureExpire');
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
