import type { JobClient } from '@mien/bus';
import { asMienError, MienError } from '@mien/errors';
import { FaceOnLine, JobOptions, Lane, Photo, type Template } from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import { decodePhoto, type RgbImage } from '@mien/vision';

/** A face whose crop was kept at its enrolment. */
export interface CroppedFace {
  readonly faceId: string;
  /** Of the object store; not set for faces that were enrolled by their template alone. */
  readonly cropKey?: string;
}

/** A face's template of the wanted version, or why there is none. */
export type Embedded =
  | { readonly faceId: string; readonly vector: Float32Array }
  | { readonly faceId: string; readonly refusal: MienError };

export interface CropEmbedderParts {
  readonly objects: ObjectStore;
  readonly jobs: JobClient;
}

/** Crops are aligned faces of some hundred pixels. */
const CROP_LIMITS = { maxBytes: 4_194_304, maxSide: 1_024, minSide: 20, maxPixels: 1_048_576 };
/** Behind interactive work the batch lane may have to wait. */
const DEADLINE_MS = 120_000;

/**
 * Gives faces templates of a model version by way of the embedder's queue, behind all other work. Faces whose crop
 * can't be read or embedded are told; what stands in the way of all of them is thrown (OBJECT_STORE_UNAVAILABLE,
 * BUS_UNAVAILABLE, OVERLOADED, DEADLINE_EXCEEDED), and MODEL_VERSIONS_DIFFER when the embedder does not run the model.
 */
export class CropEmbedder {
  constructor(private readonly parts: CropEmbedderParts) {}

  async embed(
    faces: readonly CroppedFace[],
    modelVersion: string,
    signal: AbortSignal,
  ): Promise<readonly Embedded[]> {
    const crops = await Promise.all(faces.map((face) => this.readCrop(face)));
    const readable = crops.filter((crop) => 'picture' in crop);
    const refused = crops.filter((crop) => 'refusal' in crop);
    return [...(await this.embedReadable(readable, modelVersion, signal)), ...refused];
  }

  private async readCrop({ faceId, cropKey }: CroppedFace): Promise<ReadCrop> {
    if (cropKey === undefined) {
      return { faceId, refusal: new MienError('BLOB_LOST', 'no crop was kept of the face') };
    }
    try {
      const bytes = await this.parts.objects.get({ key: cropKey });
      return { faceId, picture: await decodePhoto(bytes, CROP_LIMITS) };
    } catch (thrown) {
      const error = asMienError(thrown);
      if (error.reason === 'OBJECT_STORE_UNAVAILABLE' || error.reason === 'INTERNAL') {
        throw error;
      }
      return { faceId, refusal: error };
    }
  }

  /** What the embedder gives up on is tried again one by one, so that the face that it fails on stands alone. */
  private async embedReadable(
    crops: readonly PicturedFace[],
    modelVersion: string,
    signal: AbortSignal,
  ): Promise<readonly Embedded[]> {
    if (crops.length === 0) {
      return [];
    }
    try {
      return await this.throughTheLine(crops, modelVersion, signal);
    } catch (thrown) {
      const error = asMienError(thrown);
      const [first, ...others] = crops;
      if (error.reason !== 'STAGE_FAILED' || first === undefined) {
        throw error;
      }
      if (others.length === 0) {
        return [{ faceId: first.faceId, refusal: error }];
      }
      const alone = await Promise.all(crops.map((crop) => this.embedReadable([crop], modelVersion, signal)));
      return alone.flat();
    }
  }

  private async throughTheLine(
    crops: readonly PicturedFace[],
    modelVersion: string,
    signal: AbortSignal,
  ): Promise<readonly Embedded[]> {
    const answered = await this.parts.jobs.submit(
      {
        lane: Lane.LANE_BATCH,
        itinerary: ['embedder'],
        options: JobOptions.fromPartial({ features: { template: true } }),
        photos: [Photo.fromPartial({ faces: crops.map(({ picture }) => faceOf(picture)) })],
      },
      { deadlineMs: DEADLINE_MS, signal },
    );
    const faces = answered.photos[0]?.faces ?? [];
    return crops.map(({ faceId }, place) => ({ faceId, vector: vectorOf(faces[place], modelVersion) }));
  }
}

interface PicturedFace {
  readonly faceId: string;
  readonly picture: RgbImage;
}

type ReadCrop = PicturedFace | { readonly faceId: string; readonly refusal: MienError };

function faceOf({ data, width, height }: RgbImage): FaceOnLine {
  const value = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return FaceOnLine.fromPartial({
    answer: {},
    aligned: { pixels: { $case: 'rgb', value }, width, height },
  });
}

function vectorOf(face: FaceOnLine | undefined, modelVersion: string): Float32Array {
  const templates: (Template | undefined)[] = [face?.answer?.template, ...(face?.otherTemplates ?? [])];
  const template = templates.find((one) => one?.modelVersion === modelVersion);
  if (template === undefined) {
    throw new MienError('MODEL_VERSIONS_DIFFER', `the embedder does not run the model ${modelVersion}`);
  }
  return Float32Array.from(template.vector);
}
