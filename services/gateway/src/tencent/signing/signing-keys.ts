import type { Principal } from '../../access/principal';

/** A key that requests are signed with. */
export interface SigningKey {
  readonly secretKey: string;
  readonly principal: Principal;
  /** Counts a request. Throws RATE_LIMITED when the key has used up its own. */
  admit(): void;
}

/** The keys that requests may be signed with. */
export interface SigningKeys {
  /** Undefined when there is none of the id, or it does not hold any more. */
  find(secretId: string): SigningKey | undefined;
}
