import { MienError } from '@mien/errors';
import { TEMPLATE_LENGTH, type VersionedTemplate } from '@mien/people';
import type { FaceOnLine, Template, TemplateInput } from '@mien/proto';

/** A client's template may be this far from length 1: room for numbers that were kept with few digits. */
const LENGTH_TOLERANCE = 1e-3;

/**
 * The template of a model version that the embedder gave a face, of length 1. Throws MODEL_VERSIONS_DIFFER when the
 * embedder does not run that model.
 */
export function templateOfFace(face: FaceOnLine, modelVersion: string): Float32Array {
  const templates = templatesOf(face);
  const template = templates.find((one) => one.modelVersion === modelVersion);
  if (template !== undefined) {
    return unitVectorOf(template);
  }
  const [other] = templates;
  if (other === undefined) {
    throw new MienError('INTERNAL', 'a face came to the library without a template');
  }
  throw versionsDiffer(other.modelVersion, modelVersion);
}

/** The templates that the embedder gave a face beside the one of a model version, each of length 1. */
export function furtherTemplates(face: FaceOnLine, modelVersion: string): VersionedTemplate[] {
  return templatesOf(face)
    .filter((one) => one.modelVersion !== modelVersion)
    .map((one) => ({ modelVersion: one.modelVersion, template: unitVectorOf(one) }));
}

function templatesOf({ answer, otherTemplates }: FaceOnLine): readonly Template[] {
  return [answer?.template, ...otherTemplates].filter((one) => one !== undefined);
}

function unitVectorOf({ vector }: Template): Float32Array {
  const length = lengthOf(vector);
  if (vector.length !== TEMPLATE_LENGTH || length === 0 || !Number.isFinite(length)) {
    throw new MienError('INTERNAL', 'a face came to the library with a damaged template');
  }
  return Float32Array.from(vector, (value) => value / length);
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
