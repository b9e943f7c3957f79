import { MienError } from '@mien/errors';
import { Role } from '@mien/proto';
import type { Principal } from './principal';

/** Each role may do what those before it may. */
const RANKS: readonly Role[] = [Role.ROLE_READ, Role.ROLE_ENROL, Role.ROLE_ADMIN];

/** Whether who has a role may do what another is needed for; nobody may do what an unknown role is needed for. */
export function mayActAs(role: Role, needed: Role): boolean {
  const rank = RANKS.indexOf(needed);
  return rank >= 0 && RANKS.indexOf(role) >= rank;
}

/** Throws ROLE_INSUFFICIENT. */
export function expectRole({ role }: Principal, needed: Role): void {
  if (!mayActAs(role, needed)) {
    const name = Role[needed].replace(/^ROLE_/, '').toLowerCase();
    throw new MienError('ROLE_INSUFFICIENT', `this needs a key of the role ${name}`, {
      metadata: { role: name },
    });
  }
}
