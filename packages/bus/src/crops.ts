import type { BlobRef, Crop, FaceOnLine, Job } from '@mien/proto';
import type { ObjectStore } from '@mien/stores';
import { type FaceData, needsOf, STAGE_NAMES, type StageName } from './catalog';

const CROP_KINDS = ['context', 'liveness', 'aligned'] as const satisfies readonly FaceData[];

/** Blobs that pixels were loaded from: a crop that is passed on unchanged is not stored again. */
const originOf = new WeakMap<Buffer, BlobRef>();

/** Drops the working data that no stage of the rest of the itinerary reads. */
export function dropUnneeded(job: Job): void {
  const needed = new Set<FaceData>(job.itinerary.filter(isStage).flatMap((stage) => needsOf(stage, job)));
  for (const face of facesOf(job)) {
    for (const kind of CROP_KINDS) {
      if (!needed.has(kind)) {
        face[kind] = undefined;
      }
    }
    if (!needed.has('mesh')) {
      face.mesh = [];
    }
  }
}

/** Moves crops to the object store, largest first, until at most `limitBytes` of pixels remain in the job. */
export async function offloadCrops(
  job: Job,
  store: ObjectStore,
  limitBytes: number,
  retentionSeconds: number,
): Promise<void> {
  const inline = cropsOf(job)
    .map((crop) => ({ crop, rgb: inlinePixels(crop) }))
    .filter((entry): entry is { crop: Crop; rgb: Buffer } => entry.rgb !== undefined)
    .sort((one, other) => other.rgb.length - one.rgb.length);
  let total = inline.reduce((sum, entry) => sum + entry.rgb.length, 0);
  const leaving: { crop: Crop; rgb: Buffer }[] = [];
  for (const entry of inline) {
    if (total <= limitBytes) {
      break;
    }
    total -= entry.rgb.length;
    leaving.push(entry);
  }
  const scope = job.id.replaceAll(/[^a-z0-9]/g, '');
  await Promise.all(
    leaving.map(async ({ crop, rgb }) => {
      const ref = originOf.get(rgb) ?? (await store.put(rgb, { prefix: 'crops', scope, retentionSeconds }));
      crop.pixels = { $case: 'blob', value: ref };
    }),
  );
}

/** Puts the pixels of the offloaded crops that a stage reads back into the job. Throws BLOB_LOST. */
export async function loadCrops(job: Job, stage: StageName, store: ObjectStore): Promise<void> {
  const needs = needsOf(stage, job);
  const kinds = CROP_KINDS.filter((kind) => needs.includes(kind));
  await Promise.all(
    cropsOf(job, kinds).map(async (crop) => {
      if (crop.pixels?.$case === 'blob') {
        const rgb = await store.get(crop.pixels.value);
        originOf.set(rgb, crop.pixels.value);
        crop.pixels = { $case: 'rgb', value: rgb };
      }
    }),
  );
}

/** Where the offloaded crops of a job lie, loaded again or not. */
export function cropBlobs(job: Job): BlobRef[] {
  return cropsOf(job)
    .map(blobOf)
    .filter((ref) => ref !== undefined);
}

function blobOf({ pixels }: Crop): BlobRef | undefined {
  return pixels?.$case === 'rgb' ? originOf.get(pixels.value) : pixels?.value;
}

function facesOf(job: Job): FaceOnLine[] {
  return job.photos.flatMap((photo) => photo.faces);
}

function cropsOf(job: Job, kinds: readonly (typeof CROP_KINDS)[number][] = CROP_KINDS): Crop[] {
  return facesOf(job).flatMap((face) => kinds.map((kind) => face[kind]).filter((crop) => crop !== undefined));
}

function inlinePixels(crop: Crop): Buffer | undefined {
  return crop.pixels?.$case === 'rgb' ? crop.pixels.value : undefined;
}

function isStage(name: string): name is StageName {
  return STAGE_NAMES.some((stage) => stage === name);
}
