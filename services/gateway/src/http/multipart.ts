import type { MultipartFile } from '@fastify/multipart';
import { MienError } from '@mien/errors';
import type { FastifyRequest } from 'fastify';
import { MAX_PHOTOS_BYTES } from '../usecases/limits';
import type { PhotoPart, PhotoParts } from './endpoints/endpoint';
import { fileBytes, formParts } from './form-parts';

/** The form part that holds everything but the photos. */
export const REQUEST_PART = 'request';

interface Form {
  /** The JSON of the `request` part; an empty object without one. */
  readonly json: unknown;
  readonly photos: PhotoParts;
}

/**
 * Reads a multipart form: photos as file parts, the rest of the request as JSON in the part `request`.
 * Throws ARGUMENT_INVALID for parts that are unknown, given too often or not JSON, and IMAGE_TOO_LARGE for photos that
 * are so together; too large parts are Fastify's to refuse.
 *
 * @param maxima how many parts each field of photos may have
 * @param requestBytes of the part `request`
 */
export async function readForm(
  request: FastifyRequest,
  maxima: Readonly<Record<string, number>>,
  requestBytes: number,
): Promise<Form> {
  const photos = new Map<string, PhotoPart[]>();
  const files = Object.values(maxima).reduce((sum, maximum) => sum + maximum, 0);
  let text: string | undefined;
  let total = 0;
  const limits = { files: files + 1, parts: files + 2, fieldSize: requestBytes };
  for await (const part of formParts(request, limits)) {
    if (part.fieldname === REQUEST_PART) {
      refuseRepeated(part.fieldname, text === undefined ? 0 : 1, 1);
      text = part.type === 'file' ? (await fileBytes(part)).toString('utf8') : String(part.value);
    } else {
      const ofField = photos.get(part.fieldname) ?? [];
      const photo = await readPhoto(part, maxima, ofField.length);
      photos.set(part.fieldname, ofField);
      ofField.push(photo);
      total += photo.bytes.length;
      refuseTooMuch(total);
    }
  }
  return { json: text === undefined ? {} : parsePart(text), photos };
}

async function readPhoto(
  part: MultipartFile | { type: 'field'; fieldname: string },
  maxima: Readonly<Record<string, number>>,
  seen: number,
): Promise<PhotoPart> {
  const maximum = maxima[part.fieldname];
  if (maximum === undefined) {
    const parts = [...Object.keys(maxima), REQUEST_PART].join(', ');
    throw invalid(part.fieldname, `is not a part of this form: it has ${parts}`);
  }
  refuseRepeated(part.fieldname, seen, maximum);
  if (part.type !== 'file') {
    throw invalid(part.fieldname, 'must be a file part, with a file name');
  }
  return { name: part.filename, bytes: await fileBytes(part) };
}

function refuseRepeated(name: string, seen: number, maximum: number): void {
  if (seen >= maximum) {
    throw invalid(name, maximum === 1 ? 'is given twice' : `is given more than ${maximum} times`);
  }
}

function refuseTooMuch(total: number): void {
  if (total > MAX_PHOTOS_BYTES) {
    throw new MienError('IMAGE_TOO_LARGE', `the photos have together more than ${MAX_PHOTOS_BYTES} bytes`, {
      metadata: { limitBytes: String(MAX_PHOTOS_BYTES) },
    });
  }
}

/** The JSON of the part `request`. Throws ARGUMENT_INVALID. */
export function parsePart(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(REQUEST_PART, 'is not JSON');
  }
}

function invalid(field: string, complaint: string): MienError {
  return new MienError('ARGUMENT_INVALID', `${field} ${complaint}`, { metadata: { field } });
}
