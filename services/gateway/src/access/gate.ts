import { isIP } from 'node:net';
import type { KeyRing, RateLimits } from '@mien/access';
import { MienError } from '@mien/errors';
import type { ApiKey } from '@mien/proto';
import type { CallOrigin } from '../usecases/call';
import { LOCAL_OPERATOR, type Principal } from './principal';

/** What a request shows of its caller. */
export interface Visitor {
  /** The header or metadata entry `authorization`. */
  readonly authorization: string | undefined;
  /** Address of the other end of the connection. */
  readonly peer: string;
}

/** Tells who asks. */
export interface Gate {
  /** Throws KEY_MISSING, KEY_INVALID, RATE_LIMITED. */
  enter(visitor: Visitor): CallOrigin;
  /** As enter, but nothing is counted: for a look at the headers before the rest is read. */
  expectKey(authorization: string | undefined): void;
}

/** Where no keys are asked for: whoever reaches it is the operator. */
export const OPEN_GATE: Gate = {
  expectKey: () => undefined,
  enter: ({ peer }) => ({ principal: LOCAL_OPERATOR, peer: addressOf(peer) }),
};

/** Lets in who shows a key that holds, as often as the key may. */
export class KeyGate implements Gate {
  constructor(
    private readonly ring: KeyRing,
    private readonly limits: RateLimits,
  ) {}

  enter({ authorization, peer }: Visitor): CallOrigin {
    const key = this.keyOf(authorization);
    this.limits.take(key);
    const { id: keyId, role, groupIds } = key;
    const principal: Principal = { keyId, role, groupIds };
    return { principal, peer: addressOf(peer) };
  }

  expectKey(authorization: string | undefined): void {
    this.keyOf(authorization);
  }

  private keyOf(authorization: string | undefined): ApiKey {
    return this.ring.authenticate(textIn(authorization), Date.now());
  }
}

/** https://www.rfc-editor.org/rfc/rfc6750#section-2.1 */
const BEARER = /^Bearer +(\S+) *$/i;

function textIn(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') {
    throw new MienError('KEY_MISSING', 'no key came with the request: authorization: Bearer mien_...');
  }
  return BEARER.exec(authorization)?.[1] ?? '';
}

/** Without the port, which changes with every connection. */
function addressOf(peer: string): string {
  const bare = peer.replace(/^ipv[46]:/, '');
  if (isIP(bare) !== 0) {
    return bare;
  }
  return bare.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}
