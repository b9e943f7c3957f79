import { MienError } from '@mien/errors';
import type { CreatePersonRequest, CreatePersonResponse, Job } from '@mien/proto';
import type { Library } from '../library';

export function createPerson(
  _job: Job,
  _request: CreatePersonRequest,
  _library: Library,
  _context: unknown,
): Promise<CreatePersonResponse> {
  throw new MienError('INTERNAL', 'under way');
}
