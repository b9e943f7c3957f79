import type { Quality } from '@mien/proto';
import type { RgbImage } from '../image/rgb-image';
import { headPose } from '../landmarks/head-pose';
import { type Mesh, meshRegion } from '../landmarks/mesh';
import { brightness } from './brightness';
import { completeness, type PhotoArea } from './completeness';
import { faceRaster } from './face-raster';
import { lumaPlane } from './luma';
import { qualityScore } from './score';
import { sharpness } from './sharpness';

/** A face whose quality is asked for. */
export interface QualityInput {
  readonly picture: RgbImage;
  /** In pixels of the picture. */
  readonly mesh: Mesh;
  /** What of the picture shows the photo. */
  readonly area: PhotoArea;
  /** Pixels of the picture to a pixel of the photo; below 1 the picture was shrunk. */
  readonly scale: number;
}

/** How fit a face is for recognition. The figures are explained in models/cards/quality.md. */
export function assessQuality({ picture, mesh, area, scale }: QualityInput): Quality {
  const raster = faceRaster(picture, mesh);
  const luma = lumaPlane(raster.picture);
  const pose = headPose(mesh);
  const parts = {
    sharpness: sharpness(luma, raster.picture),
    brightness: brightness(luma, raster.picture),
    completeness: completeness(raster, mesh, pose, area),
  };
  return { ...parts, score: qualityScore({ ...parts, pose, facePixels: meshRegion(mesh).side / scale }) };
}
