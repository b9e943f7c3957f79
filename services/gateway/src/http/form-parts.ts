import type { Multipart, MultipartFile } from '@fastify/multipart';
import { MienError } from '@mien/errors';
import type { FastifyRequest } from 'fastify';

interface FormLimits {
  readonly files: number;
  readonly parts: number;
  /** Bytes of a part that is no file. */
  readonly fieldSize?: number;
}

/** The parts of a form as they arrive. Throws ARGUMENT_INVALID for what is no form, beside Fastify's own refusals. */
export async function* formParts(
  request: FastifyRequest,
  limits: FormLimits,
): AsyncGenerator<Multipart, void, void> {
  const parts = request.parts({ limits });
  try {
    for (;;) {
      const next = await parts.next().catch(refuseForm);
      if (next.done === true) {
        return;
      }
      // The parser's types promise a name, but a part without one comes as it is.
      if (typeof next.value.fieldname !== 'string') {
        throw new MienError('ARGUMENT_INVALID', 'a part of the form has no name');
      }
      yield next.value;
    }
  } finally {
    await parts.return?.(undefined);
  }
}

/** A file of a form. Throws as formParts does. */
export function fileBytes(part: MultipartFile): Promise<Buffer> {
  return part.toBuffer().catch(refuseForm);
}

/** The parser of forms throws plain errors at what it can't read; to others they would look like faults of ours. */
function refuseForm(error: Error): never {
  throw 'statusCode' in error || error instanceof MienError
    ? error
    : new MienError('ARGUMENT_INVALID', 'the form cannot be read', { cause: error });
}
