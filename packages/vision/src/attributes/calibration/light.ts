import { type AttributeInput, faceView, squarePicture } from '../face-view';

/** Brightness of a face's square at which drawings keep their colours, 0..255. */
const MIDDLE = 140;

/** How bright the light on a face is, for what is drawn on it: 1 is middling. */
export function lightOf(face: AttributeInput): number {
  const { data } = squarePicture(faceView(face), 0.7, 32);
  return data.reduce((sum, value) => sum + value, 0) / data.length / MIDDLE;
}
