import type { Face, FaceLandmarks, Point } from '@mien/proto';

/** Colours of the nine groups, so that a wrong order or side is seen at once. */
const GROUP_COLOURS: Readonly<Record<keyof FaceLandmarks, string>> = {
  faceProfile: '#ffffff',
  leftEye: '#00e5ff',
  rightEye: '#00b0ff',
  leftEyebrow: '#ffea00',
  rightEyebrow: '#ffc400',
  mouth: '#ff4081',
  nose: '#76ff03',
  leftPupil: '#ff1744',
  rightPupil: '#ff1744',
};

const GROUPS = Object.keys(GROUP_COLOURS) as (keyof FaceLandmarks)[];

/** An SVG of the photo's size with a numbered box and the 90 points of each face, largest face first. */
export function faceOverlay(faces: readonly Face[], width: number, height: number): string {
  const unit = Math.max(1, Math.max(width, height) / 800);
  const shapes = faces.map((face, index) => boxShape(face, index + 1, unit) + landmarkShapes(face, unit));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`;
}

function boxShape({ box, confidence }: Face, number: number, unit: number): string {
  if (box === undefined) {
    return '';
  }
  const size = 14 * unit;
  const label = `${number}  ${confidence.toFixed(2)}`;
  const labelWidth = label.length * size * 0.58;
  const top = Math.max(0, box.y - size * 1.35);
  return (
    `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="none" stroke="#00e676" stroke-width="${2 * unit}"/>` +
    `<rect x="${box.x}" y="${top}" width="${labelWidth}" height="${size * 1.3}" fill="#00e676"/>` +
    `<text x="${box.x + size * 0.2}" y="${top + size}" font-family="sans-serif" font-size="${size}" fill="#000">${label}</text>`
  );
}

function landmarkShapes({ landmarks, box }: Face, unit: number): string {
  if (landmarks === undefined) {
    return '';
  }
  const radius = Math.max(0.6 * unit, (box?.width ?? 0) / 160);
  return GROUPS.map((group) =>
    landmarks[group].map((point) => dot(point, radius, GROUP_COLOURS[group])).join(''),
  ).join('');
}

function dot({ x, y }: Point, radius: number, colour: string): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" fill="${colour}"/>`;
}
