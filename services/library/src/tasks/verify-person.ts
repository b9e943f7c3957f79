import { MienError } from '@mien/errors';
import type { Job, VerifyPersonRequest, VerifyPersonResponse } from '@mien/proto';
import type { Library } from '../library';

export function verifyPerson(
  _job: Job,
  _request: VerifyPersonRequest,
  _library: Library,
): Promise<VerifyPersonResponse> {
  throw new MienError('INTERNAL', 'under way');
}
