import type { MultipartFile } from '@fastify/multipart';
import { MienError } from '@mien/errors';
import type { FastifyRequest } from 'fastify';
import type { PhotoParts } from './endpoints';

/** The form part that holds everything but the photos. */
export const REQUEST_PART = 'request';

interface Form {
  /** The JSON of the `request` part; an empty object without one. */
  readonly json: unknown;
  readonly photos: PhotoParts;
}

/**
 * Reads a multipart form: photos as file parts, the rest of the request as JSON in the part `request`.
 * Throws ARGUMENT_INVALID for parts that are unknown, given twice or not JSON; too large ones are Fastify's to refuse.
 */
export async function readForm(request: FastifyRequest, photoFields: readonly string[]): Promise<Form> {
  const photos = new Map<string, Buffer>();
  let text: string | undefined;
  for await (const part of request.parts()) {
    if (part.fieldname === REQUEST_PART) {
      refuseRepeated(part.fieldname, text !== undefined);
      text = part.type === 'file' ? (await part.toBuffer()).toString('utf8') : String(part.value);
    } else {
      refuseRepeated(part.fieldname, photos.has(part.fieldname));
      photos.set(part.fieldname, await readPhoto(part, photoFields));
    }
  }
  return { json: text === undefined ? {} : parse(text), photos };
}

async function readPhoto(
  part: MultipartFile | { type: 'field'; fieldname: string },
  photoFields: readonly string[],
): Promise<Buffer> {
  if (!photoFields.includes(part.fieldname)) {
    throw invalid(
      part.fieldname,
      `is not a part of this form: it has ${[...photoFields, REQUEST_PART].join(', ')}`,
    );
  }
  if (part.type !== 'file') {
    throw invalid(part.fieldname, 'must be a file part, with a file name');
  }
  return await part.toBuffer();
}

function refuseRepeated(name: string, seen: boolean): void {
  if (seen) {
    throw invalid(name, 'is given twice');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(REQUEST_PART, 'is not JSON');
  }
}

function invalid(field: string, complaint: string): MienError {
  return new MienError('ARGUMENT_INVALID', `${field} ${complaint}`, { metadata: { field } });
}
