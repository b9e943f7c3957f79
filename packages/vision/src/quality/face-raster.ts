import { type Affine, mapPoint } from '../image/affine';
import type { RgbImage } from '../image/rgb-image';
import { type Mesh, meshRegion } from '../landmarks/mesh';
import { regionMap, scaleRegion } from '../landmarks/region';
import { regionPicture } from '../landmarks/region-picture';

/** Side of a raster in pixels; the face, from forehead to chin, takes 112 of them. */
export const RASTER_SIDE = 128;
const FACE_SIDE = 112;

/** A face drawn upright at one size, so that what is measured does not depend on the photo's. */
export interface FaceRaster {
  readonly picture: RgbImage;
  /** From the pixels of the picture that the face was cut from to those of the raster. */
  readonly toRaster: Affine;
  /** Raster pixels to a pixel of that picture: above 1 the face was enlarged. */
  readonly scale: number;
}

/** Draws the face that a mesh (in pixels of `picture`) lies on. */
export function faceRaster(picture: RgbImage, mesh: Mesh): FaceRaster {
  const region = scaleRegion(meshRegion(mesh), RASTER_SIDE / FACE_SIDE);
  return {
    picture: regionPicture(picture, region, RASTER_SIDE),
    toRaster: regionMap(region, RASTER_SIDE),
    scale: RASTER_SIDE / region.side,
  };
}

/** Where mesh vertices lie on the raster: x and y in turn. */
export function rasterPositions(raster: FaceRaster, mesh: Mesh, vertices: readonly number[]): Float32Array {
  const positions = new Float32Array(vertices.length * 2);
  vertices.forEach((vertex, at) => {
    const { x, y } = mapPoint(raster.toRaster, mesh[vertex * 3] ?? 0, mesh[vertex * 3 + 1] ?? 0);
    positions[at * 2] = x;
    positions[at * 2 + 1] = y;
  });
  return positions;
}
