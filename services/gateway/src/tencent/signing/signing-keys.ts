import type { Principal } from '../../access/principal';

/** A key that requests are signed with. */
export interface SigningKey {
  readonly secretKey: string;
  readonly principal: Principal;
}

/** The keys that requests may be signed with. */
export interface SigningKeys {
  /** Undefined when there is none of the id, or it does not hold any more. */
  find(secretId: string): SigningKey | undefined;
}
