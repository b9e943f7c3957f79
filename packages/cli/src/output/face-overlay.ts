import type { BoundingBox, Face, FaceLandmarks, Point } from '@mien/proto';

/** A face as it is drawn. */
export interface DrawnFace {
  readonly box: BoundingBox | undefined;
  /** What stands beside the box. */
  readonly label: string;
  /** Drawn in another colour: not who was looked for. */
  readonly unknown?: boolean;
  readonly landmarks?: FaceLandmarks | undefined;
}

const KNOWN_COLOUR = '#00e676';
const UNKNOWN_COLOUR = '#ffb300';

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

/** Faces of a detection, numbered, largest first, with the detector's confidence. */
export function detectedFaces(faces: readonly Face[]): DrawnFace[] {
  return faces.map(({ box, confidence, landmarks }, index) => ({
    box,
    label: `${index + 1}  ${confidence.toFixed(2)}`,
    landmarks,
  }));
}

/** An SVG of the photo's size with the box, the label and the 90 points of each face, as far as they are known. */
export function faceOverlay(faces: readonly DrawnFace[], width: number, height: number): string {
  const unit = Math.max(1, Math.max(width, height) / 800);
  const shapes = faces.map((face) => boxShape(face, unit, width) + landmarkShapes(face, unit));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes.join('')}</svg>`;
}

function boxShape({ box, label, unknown }: DrawnFace, unit: number, width: number): string {
  if (box === undefined) {
    return '';
  }
  const size = 14 * unit;
  const labelWidth = label.length * size * 0.58;
  const colour = unknown ? UNKNOWN_COLOUR : KNOWN_COLOUR;
  const top = Math.max(0, box.y - size * 1.35);
  const left = Math.max(0, Math.min(box.x, width - labelWidth));
  return (
    `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="none" stroke="${colour}" stroke-width="${2 * unit}"/>` +
    `<rect x="${left}" y="${top}" width="${labelWidth}" height="${size * 1.3}" fill="${colour}"/>` +
    `<text x="${left + size * 0.2}" y="${top + size}" font-family="sans-serif" font-size="${size}" fill="#000">${escaped(label)}</text>`
  );
}

/** Ids may hold signs that mean something in XML. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function landmarkShapes({ landmarks, box }: DrawnFace, unit: number): string {
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
