import type { Box } from './source-photo';

/**
 * How much of a head-and-shoulders figure covers a pixel, 0..1, guessed from the face box alone: an ellipse for
 * the head with its hair, a neck, and shoulders that slope away. `soft` is the width of the edge in pixels.
 */
export function headMatte(face: Box, x: number, y: number, soft: number): number {
  const dx = (x - (face.x + face.width / 2)) / face.width;
  const dy = (y - (face.y + face.height / 2)) / face.height;
  const head = 1 - Math.hypot(dx / 0.78, (dy + 0.08) / 0.78);
  const halfBody = dy < 0.62 ? 0.38 : 0.38 + (dy - 0.62) * 2.2;
  const body = dy < 0.3 ? -1 : Math.min(1.5, halfBody) - Math.abs(dx);
  const inside = Math.max(head * 0.78, body) * face.width;
  return Math.min(1, Math.max(0, 0.5 + inside / soft));
}
