import { MienError } from '@mien/errors';
import type { CreateRuleRequest } from '@mien/proto';
import { FIELD_LIMITS } from '../usecases/limits';
import { checkNumber } from '../usecases/validation';

const MAX_SOURCE_BYTES = 128;

/** Throws ARGUMENT_INVALID. */
export function validateRule(request: CreateRuleRequest): void {
  if (request.groupIds.length === 0 && !request.strangers) {
    throw invalid('group_ids', 'is empty: a rule is about groups or strangers');
  }
  checkNumber('minimum_score', request.minimumScore, FIELD_LIMITS['mien.v1.CreateRuleRequest.minimum_score']);
  checkNumber('quiet_seconds', request.quietSeconds, FIELD_LIMITS['mien.v1.CreateRuleRequest.quiet_seconds']);
  for (const [index, source] of request.sources.entries()) {
    if (source === '' || Buffer.byteLength(source) > MAX_SOURCE_BYTES) {
      throw invalid(`sources[${index}]`, `must have 1 to ${MAX_SOURCE_BYTES} bytes`);
    }
  }
}

function invalid(field: string, complaint: string): MienError {
  return new MienError('ARGUMENT_INVALID', `${field} ${complaint}`, { metadata: { field } });
}
