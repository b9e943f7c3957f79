import type { TakenSignatures } from '@mien/access';
import { TencentError } from '../errors/tencent-error';
import { SignatureVerifier } from './signature-verifier';
import type { Claim } from './signed-request';
import type { SigningKey, SigningKeys } from './signing-keys';

/** Whose a signed request is, if it is signed rightly, now, and for the first time on any gateway. */
export class Authenticator {
  private readonly verifier: SignatureVerifier;
  private readonly lenientMs: number;

  /** @param lenientSeconds for so long the same request is taken again, for clients without trace ids; 0 is strict */
  constructor(
    keys: SigningKeys,
    private readonly taken: TakenSignatures,
    lenientSeconds: number,
  ) {
    this.verifier = new SignatureVerifier(keys);
    this.lenientMs = lenientSeconds * 1_000;
  }

  /** The key that signed. Throws AuthFailure codes, and BUS_UNAVAILABLE when it can't be told whether it is a replay. */
  async check(claim: Claim, trace: string): Promise<SigningKey> {
    const key = this.verifier.verify(claim);
    const signature = `${claim.secretId} ${claim.signature}`;
    if (!(await this.taken.take({ signature, trace, lenientMs: this.lenientMs }))) {
      throw new TencentError('AuthFailure.SignatureExpire');
    }
    return key;
  }
}
