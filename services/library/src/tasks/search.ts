import { MienError } from '@mien/errors';
import type { Job, SearchRequest, SearchResponse } from '@mien/proto';
import type { Library } from '../library';

export function search(_job: Job, _request: SearchRequest, _library: Library): Promise<SearchResponse> {
  throw new MienError('INTERNAL', 'under way');
}
