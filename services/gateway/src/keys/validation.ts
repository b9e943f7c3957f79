import { MienError } from '@mien/errors';
import { type CreateKeyRequest, Role } from '@mien/proto';
import { FIELD_LIMITS, LIST_LIMITS } from '../usecases/limits';
import { checkCount, checkNumber } from '../usecases/validation';

/** Throws ARGUMENT_INVALID, `field` in its metadata. */
export function validateNewKey(request: CreateKeyRequest, now: number): void {
  const { name, role, groupIds, requestsPerSecond, burst, expiresAt } = request;
  if (name === '') {
    throw invalid('name', 'must be given');
  }
  if (role !== Role.ROLE_READ && role !== Role.ROLE_ENROL && role !== Role.ROLE_ADMIN) {
    throw invalid('role', 'must be read, enrol or admin');
  }
  if (role === Role.ROLE_ADMIN && groupIds.length > 0) {
    throw invalid('group_ids', 'can not be given: admin keys reach all groups');
  }
  checkCount('group_ids', groupIds.length, LIST_LIMITS['mien.v1.CreateKeyRequest.group_ids']);
  if (groupIds.includes('')) {
    throw invalid('group_ids', 'holds an empty id');
  }
  const rate = FIELD_LIMITS['mien.v1.CreateKeyRequest.requests_per_second'];
  checkNumber('requests_per_second', requestsPerSecond, rate);
  checkNumber('burst', burst, FIELD_LIMITS['mien.v1.CreateKeyRequest.burst']);
  if (burst > 0 && requestsPerSecond === 0) {
    throw invalid('burst', 'means nothing without requests_per_second');
  }
  if (expiresAt !== undefined && !(expiresAt.getTime() > now)) {
    throw invalid('expires_at', 'has passed');
  }
}

function invalid(field: string, complaint: string): MienError {
  return new MienError('ARGUMENT_INVALID', `${field} ${complaint}`, { metadata: { field } });
}
