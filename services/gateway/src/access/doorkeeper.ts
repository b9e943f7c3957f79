import { MienError } from '@mien/errors';
import { Role } from '@mien/proto';
import type { CallOrigin } from '../usecases/call';
import { type AuditSink, recordOf } from './audit-record';
import type { Gate, Visitor } from './gate';
import { LEAST_ROLES } from './least-roles';
import { expectRole } from './role-rank';

/** Lets in who may call a method at all, before what is asked is looked at. */
export class Doorkeeper {
  constructor(
    private readonly gate: Gate,
    private readonly trail: AuditSink,
  ) {}

  /**
   * Who asks for the method of that full name. Throws KEY_MISSING, KEY_INVALID, RATE_LIMITED; ROLE_INSUFFICIENT when that
   * is written down.
   */
  async enter(visitor: Visitor, method: string): Promise<CallOrigin> {
    const origin = this.gate.enter(visitor);
    try {
      // A method without a row is nobody's.
      expectRole(origin.principal, LEAST_ROLES.get(method) ?? Role.ROLE_UNSPECIFIED);
    } catch (error) {
      const outcome = error instanceof MienError ? error.reason : 'INTERNAL';
      await this.trail.append(recordOf(method, outcome, {}, origin));
      throw error;
    }
    return origin;
  }
}
