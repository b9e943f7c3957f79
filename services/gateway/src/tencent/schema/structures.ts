import type { BoundingBox, Point as MienPoint } from '@mien/proto';
import { z } from 'zod';

/** Structures that several answers have. */
export const point = z.object({ X: z.int(), Y: z.int() });
export const points = z.array(point);
export const faceRect = z.object({ X: z.int(), Y: z.int(), Width: z.int(), Height: z.int() });
export const score = z.number().min(0).max(100);
export const personGroupInfo = z.object({
  GroupId: z.string(),
  PersonExDescriptions: z.array(z.string()),
});

export function rectOf(box: BoundingBox | undefined): z.infer<typeof faceRect> {
  const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
  return { X: whole(x), Y: whole(y), Width: whole(width), Height: whole(height) };
}

export function pointsOf(given: readonly Pick<MienPoint, 'x' | 'y'>[]): z.infer<typeof points> {
  return given.map(({ x, y }) => ({ X: whole(x), Y: whole(y) }));
}

/** Rounded; JSON has no use for a negative zero. */
export function whole(value: number): number {
  return Math.round(value) + 0;
}
