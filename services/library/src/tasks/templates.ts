import { MienError } from '@mien/errors';
import { TEMPLATE_LENGTH } from '@mien/people';
import type { FaceOnLine, TemplateInput } from '@mien/proto';

/** A client's template may be this far from length 1: room for numbers that were kept with few digits. */
const LENGTH_TOLERANCE = 1e-3;

/**
 * The template of a model version that the embedder gave a face, of length 1. Throws MODEL_VERSIONS_DIFFER when the
 * embedder does not run that model.
 */
export function templateOfFace(face: FaceOnLine, modelVersion: string): Float32Array {
  const templates = [face.answer?.template, ...face.otherTemplates].filter((one) => one !== undefined);
  const template = templates.find((one) => one.modelVersion === modelVersion);
  if (template === undefined) {
    if (templates.length === 0) {
      throw new MienError('INTERNAL', 'a face came to the library without a template');
    }
    throw versionsDiffer(templates[0]?.modelVersion ?? '', modelVersion);
  }
  const length = lengthOf(template.vector);
  if (template.vector.length !== TEMPLATE_LENGTH || length === 0 || !Number.isFinite(length)) {
    throw new MienError('INTERNAL', 'a face came to the library with a damaged template');
  }
  return Float32Array.from(template.vector, (value) => value / length);
}

/**
 * A template that came with a request. Throws MODEL_VERSIONS_DIFFER for one of another model, ARGUMENT_INVALID for one
 * that no model of ours gives: 512 numbers of length 1 together.
 */
export function givenTemplate({ modelVersion, vector }: TemplateInput, wanted: string): Float32Array {
  if (modelVersion !== wanted) {
    throw versionsDiffer(modelVersion, wanted);
  }
  if (vector.length !== TEMPLATE_LENGTH) {
    throw invalidTemplate(`a template has ${TEMPLATE_LENGTH} numbers, not ${vector.length}`);
  }
  const length = lengthOf(vector);
  if (!(Math.abs(length - 1) <= LENGTH_TOLERANCE)) {
    throw invalidTemplate('a template has length 1');
  }
  return Float32Array.from(vector, (value) => value / length);
}

function lengthOf(vector: readonly number[]): number {
  return Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
}

function versionsDiffer(given: string, wanted: string): MienError {
  return new MienError('MODEL_VERSIONS_DIFFER', `the face has a template of ${given}, ${wanted} is needed`, {
    metadata: { versionA: given, versionB: wanted },
  });
}

function invalidTemplate(message: string): MienError {
  return new MienError('ARGUMENT_INVALID', `template.vector: ${message}`, {
    metadata: { field: 'template.vector' },
  });
}
