import { readFile } from 'node:fs/promises';
import type { ModelPack } from '@mien/models';
import type { Template } from '@mien/proto';
import { centralFace, decodePhoto, FaceAligner, type RgbImage } from '@mien/vision';
import type { PhotoOfPerson } from './people';

/** A person's face as an embedding model takes it. */
export interface PersonsFace {
  readonly person: string;
  readonly aligned: RgbImage;
}

/** A person's template. */
export interface Sample {
  readonly person: string;
  readonly vector: Float32Array;
}

/** What is done to a photo before it is looked at; undefined for one that is left out. */
export type Change = (photo: RgbImage, index: number) => Promise<RgbImage | undefined>;

const LIMITS = { maxBytes: 10e6, maxSide: 8000, minSide: 20, maxPixels: 25e6 };
const DETECTION = { minFaceSize: 20, maxFaces: 120, rotationSearch: false };

/**
 * The photos' central faces, through the pipeline that the services run, in the order of the photos. Throws when a
 * photo has none, unless it was changed: those are left out.
 */
export async function alignedFaces(
  pack: ModelPack,
  photos: readonly PhotoOfPerson[],
  workers: number,
  progress: (done: number) => void,
  change?: Change,
): Promise<PersonsFace[]> {
  const aligner = await FaceAligner.open(pack, { threads: 1 });
  const faces = photos.map((): PersonsFace | undefined => undefined);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < photos.length; index = next++) {
      const photo = photos[index];
      if (photo === undefined) return;
      const read = await decodePhoto(await readFile(photo.path), LIMITS);
      const image = change ? await change(read, index) : read;
      const [face] = image ? await aligner.align(image, DETECTION, (found) => centralFace(found, image)) : [];
      if (face !== undefined) {
        faces[index] = { person: photo.person, aligned: face.aligned };
      } else if (change === undefined) {
        throw new Error(`${photo.path}: no face found`);
      }
      progress(++done);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  await aligner.close();
  return faces.filter((face) => face !== undefined);
}

/** The faces' templates. */
export async function samplesOf(
  faces: readonly PersonsFace[],
  embedder: { embed(aligned: readonly RgbImage[]): Promise<Template[]> },
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const { person, aligned } of faces) {
    const [template] = await embedder.embed([aligned]);
    samples.push({ person, vector: Float32Array.from(template?.vector ?? []) });
  }
  return samples;
}
