import type { LIVENESS_SIGNALS } from '@mien/models';
import type { RgbImage } from '../../image/rgb-image';
import { colourGamut } from './colour-gamut';
import { frameEdges } from './frame-edges';
import { highlights } from './highlights';
import { periodicPeaks } from './periodic-peaks';
import { channelMix, luma } from './plane';
import { type CropRegions, zoneMap } from './regions';
import { sharpnessMismatch } from './sharpness-mismatch';

export type SignalName = (typeof LIVENESS_SIGNALS)[number];
export type Signals = Readonly<Record<SignalName, number>>;

/** Measures every signal on the crop around a face. Each is described where it is computed. */
export function measureSignals(context: RgbImage, regions: CropRegions): Signals {
  const brightness = luma(context);
  const zones = zoneMap(regions, context.width, context.height);
  const [lumaPeaks, chromaPeaks] = periodicPeaks(brightness, channelMix(context, 1, -1, 0), regions);
  const frame = frameEdges(brightness, regions);
  const white = highlights(context, zones);
  const gamut = colourGamut(context, zones);
  const sharpness = sharpnessMismatch(brightness, zones);
  const sides = [frame.left, frame.right, frame.top, frame.bottom].sort((a, b) => b - a);
  return {
    lumaPeakFine: lumaPeaks.fine,
    lumaPeakCoarse: lumaPeaks.coarse,
    chromaPeakFine: chromaPeaks.fine,
    chromaPeakCoarse: chromaPeaks.coarse,
    frameSides: Math.min(frame.left, frame.right),
    frameTop: frame.top,
    frameBottom: frame.bottom,
    frameThird: sides[2] ?? 0,
    highlightFace: logShare(white.face),
    highlightSurroundings: logShare(white.surroundings),
    faceBlack: gamut.faceBlack,
    faceWhite: gamut.faceWhite,
    blackDifference: gamut.faceBlack - gamut.surroundingsBlack,
    faceChroma: gamut.faceChroma,
    faceChromaSpread: gamut.faceChromaSpread,
    blueness: gamut.blueness,
    faceSharpness: sharpness.face,
    sharpnessDifference: sharpness.difference,
    noiseDifference: sharpness.noiseDifference,
  };
}

/** Shares range over decades; a thousandth of the pixels is the least that says anything. */
function logShare(share: number): number {
  return Math.log(share + 0.001);
}
