import { MienError } from '@mien/errors';
import type { AddFacesRequest, AddFacesResponse, Job } from '@mien/proto';
import type { Library } from '../library';

export function addFaces(
  _job: Job,
  _request: AddFacesRequest,
  _library: Library,
  _context: unknown,
): Promise<AddFacesResponse> {
  throw new MienError('INTERNAL', 'under way');
}
