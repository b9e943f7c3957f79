import { readFile } from 'node:fs/promises';
import type { ModelPack } from '@mien/models';
import { centralFace, decodePhoto, TemplatePipeline } from '@mien/vision';
import type { PhotoOfPerson } from './people';

/** A person's template. */
export interface Sample {
  readonly person: string;
  readonly vector: Float32Array;
}

const LIMITS = { maxBytes: 10e6, maxSide: 8000, minSide: 20, maxPixels: 25e6 };
const DETECTION = { minFaceSize: 20, maxFaces: 120, rotationSearch: false };

/** The templates of the photos' central faces, through the pipeline that the services run. */
export async function templatesOf(
  pack: ModelPack,
  photos: readonly PhotoOfPerson[],
  workers: number,
  progress: (done: number) => void,
): Promise<Sample[]> {
  const pipeline = await TemplatePipeline.open(pack, { threads: 1 });
  const samples: Sample[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < photos.length; index = next++) {
      const photo = photos[index];
      if (photo === undefined) return;
      const image = await decodePhoto(await readFile(photo.path), LIMITS);
      const [face] = await pipeline.templates(image, DETECTION, (faces) => centralFace(faces, image));
      if (face === undefined) {
        throw new Error(`${photo.path}: no face found`);
      }
      samples.push({ person: photo.person, vector: Float32Array.from(face.template.vector) });
      progress(samples.length);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  await pipeline.close();
  return samples;
}
