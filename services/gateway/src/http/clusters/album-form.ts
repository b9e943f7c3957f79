import type { MultipartFile, MultipartValue } from '@fastify/multipart';
import { MienError } from '@mien/errors';
import { type ClusterPhotosRequest, ClusterSettings } from '@mien/proto';
import type { FastifyRequest } from 'fastify';
import { MAX_ALBUM_PHOTOS } from '../../usecases/limits';
import { fileBytes, formParts } from '../form-parts';
import { parsePart, REQUEST_PART } from '../multipart';

/** The form part of each photo. */
export const PHOTO_PART = 'image';

/**
 * Reads an album's form part by part, as they are asked for: while nobody asks, the client has to wait.
 * Throws ARGUMENT_INVALID for parts that are unknown or not in their place; too large parts are Fastify's to refuse.
 *
 * @param checked the settings as the schema describes them; throws ARGUMENT_INVALID
 */
export async function* albumMessages(
  request: FastifyRequest,
  checked: (json: unknown) => unknown,
): AsyncGenerator<ClusterPhotosRequest, void, void> {
  // One more than an album may have: its reader tells of it better than the parser of forms.
  const limits = { files: MAX_ALBUM_PHOTOS + 2, parts: MAX_ALBUM_PHOTOS + 3 };
  for await (const part of formParts(request, limits)) {
    yield part.fieldname === REQUEST_PART ? await settingsIn(part, checked) : await photoIn(part);
  }
}

async function settingsIn(
  part: MultipartFile | MultipartValue,
  checked: (json: unknown) => unknown,
): Promise<ClusterPhotosRequest> {
  const text = part.type === 'file' ? (await fileBytes(part)).toString('utf8') : String(part.value);
  return { part: { $case: 'settings', value: ClusterSettings.fromJSON(checked(parsePart(text))) } };
}

async function photoIn(part: MultipartFile | MultipartValue): Promise<ClusterPhotosRequest> {
  if (part.fieldname !== PHOTO_PART) {
    throw invalid(part.fieldname, `is not a part of this form: it has ${PHOTO_PART}, ${REQUEST_PART}`);
  }
  if (part.type !== 'file') {
    throw invalid(part.fieldname, 'must be a file part, with a file name');
  }
  const image = { source: { $case: 'content' as const, value: await fileBytes(part) } };
  return { part: { $case: 'photo', value: { name: part.filename, image } } };
}

function invalid(field: string, complaint: string): MienError {
  return new MienError('ARGUMENT_INVALID', `${field} ${complaint}`, { metadata: { field } });
}
