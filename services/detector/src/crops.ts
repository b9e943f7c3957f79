import { STAGE_CATALOG, STAGE_NAMES } from '@mien/bus';
import type { ModelPack } from '@mien/models';
import { type Crop, Face, type FaceOnLine, type Job } from '@mien/proto';
import { type CropPicture, contextCrop, type Detection, livenessCrop, type RgbImage } from '@mien/vision';

/** Size and extent of the crop that the pack's liveness model takes; undefined when it has none. */
export interface LivenessCropSpec {
  readonly factor: number;
  readonly pixels: number;
}

/** Which crops the rest of a job's way asks for. */
export interface WantedCrops {
  readonly context: boolean;
  readonly liveness: boolean;
}

export function livenessCropSpec(pack: ModelPack): LivenessCropSpec | undefined {
  const model = pack.find('liveness');
  return model?.input.size.kind === 'fixed'
    ? { factor: model.liveness.cropScale, pixels: model.input.size.width }
    : undefined;
}

export function wantedCrops(job: Job): WantedCrops {
  const needs = new Set(
    STAGE_NAMES.filter((stage) => job.itinerary.includes(stage)).flatMap(
      (stage) => STAGE_CATALOG[stage].needs,
    ),
  );
  return {
    context: needs.has('context'),
    liveness: needs.has('liveness') && (job.options?.features?.liveness ?? false),
  };
}

/** A found face as it goes down the line, with the crops that are wanted. */
export function faceOnLine(
  photo: RgbImage,
  { box, confidence, rotation }: Detection,
  wanted: WantedCrops,
  liveness: LivenessCropSpec | undefined,
): FaceOnLine {
  return {
    answer: Face.fromPartial({ box, confidence }),
    rotation,
    context: wanted.context ? onLine(contextCrop(photo, box)) : undefined,
    liveness:
      wanted.liveness && liveness
        ? onLine(livenessCrop(photo, box, liveness.factor, liveness.pixels))
        : undefined,
    aligned: undefined,
    mesh: [],
    meshPresence: 0,
    otherTemplates: [],
  };
}

function onLine({ image, left, top, scale }: CropPicture): Crop {
  return {
    pixels: { $case: 'rgb', value: Buffer.from(image.data.buffer) },
    width: image.width,
    height: image.height,
    left,
    top,
    scale,
  };
}
