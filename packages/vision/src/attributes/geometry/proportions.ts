import type { Mesh } from '../../landmarks/mesh';
import { span } from './points';

/** Lengths of the face over the width of its eyes, each between two mesh points. */
const LENGTHS: readonly (readonly [number, number])[] = [
  // Eyes: their inner distance, the width of each.
  [133, 362],
  [33, 133],
  // Brow to nose base, nose base to chin, forehead to brow: the thirds.
  [9, 2],
  [2, 152],
  [10, 9],
  // Nose width, mouth width, lips' height.
  [129, 358],
  [61, 291],
  [0, 17],
  // Width at the cheekbones and at the jaw.
  [234, 454],
  [172, 397],
];

/** The proportions that are compared with the usual ones. */
export function proportions(mesh: Mesh): number[] {
  const eyes = span(mesh, 33, 263);
  return LENGTHS.map(([from, to]) => span(mesh, from, to) / eyes);
}
