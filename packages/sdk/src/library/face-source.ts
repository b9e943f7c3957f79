import type { Image, TemplateInput } from '@mien/proto';
import { type PhotoSource, toImage } from '../photo';

/** A face: in a photo, or as a template that this platform answered earlier. */
export type FaceSource = PhotoSource | TemplateInput;

type GivenFace = { $case: 'image'; value: Image } | { $case: 'template'; value: TemplateInput };

/** The face as requests hold it. Throws what reading a photo's file throws. */
export async function toFace(source: FaceSource): Promise<GivenFace> {
  if (typeof source === 'object' && 'vector' in source) {
    const { modelVersion, vector } = source;
    return { $case: 'template', value: { modelVersion, vector } };
  }
  return { $case: 'image', value: await toImage(source) };
}
