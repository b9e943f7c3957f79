import { readFileSync } from 'node:fs';
import type { MienClient } from '@mien/sdk';
import sharp from 'sharp';
import { type PackagedPhoto, packagedPhotos } from '../../photos/packaged';
import { singleFaces } from '../../photos/single-faces';
import { canvas, FACE_PICTURE_SIDE } from './canvas';

/** Photos that are alike in what they cost. */
export interface PhotoKind {
  /** In figures. */
  readonly name: string;
  readonly what: string;
  /**
   * To put through in one turn: more of those that take little time, and enough of all that the cores are as busy with
   * those that are learnt from as with those foretold. The last few of a turn do not keep them so, and cost less.
   */
  readonly inTurn: number;
  readonly photos: readonly Buffer[];
}

export interface PhotoKinds {
  /** Costs are learnt from these... */
  readonly learnt: readonly PhotoKind[];
  /** ...and foretold for these: other people, other photos, other sizes, and other numbers of faces. */
  readonly foretold: readonly PhotoKind[];
}

/** Of the six packaged photos, half are learnt from, 11 people; the other half, 11 people as well, is foretold. */
const LEARNT_FROM = [1, 3, 5];
const OTHERS = [2, 4, 6];
const QUALITY = 92;

/** All kinds, the single people for the canvases cut out by the line itself. */
export async function photoKinds(client: MienClient): Promise<PhotoKinds> {
  const known = await singleFaces(client, FACE_PICTURE_SIDE, numbered(LEARNT_FROM));
  const others = await singleFaces(client, FACE_PICTURE_SIDE, numbered(OTHERS));
  return {
    learnt: [
      await canvases(known, 640, 480, 0, 24),
      await canvases(known, 640, 480, 4, 12),
      await canvases(known, 960, 720, 4, 12),
      await canvases(known, 1280, 960, 1, 18),
      await resized(LEARNT_FROM, 1280, 12),
    ],
    foretold: [
      await canvases(others, 960, 720, 2, 24),
      await resized(OTHERS, 640, 18),
      asTheyAre(OTHERS, 15),
    ],
  };
}

/** So many photos of a kind, one after the other and again. */
export function some({ photos }: PhotoKind, count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => photos[index % photos.length] ?? Buffer.alloc(0));
}

/** Grey, with people side by side, each canvas with others. */
async function canvases(
  people: readonly Buffer[],
  width: number,
  height: number,
  faces: number,
  inTurn: number,
): Promise<PhotoKind> {
  const chosen = (canvasIndex: number) =>
    Array.from(
      { length: faces },
      (_, place) => people[(canvasIndex * faces + place) % people.length] ?? Buffer.alloc(0),
    );
  return {
    name: `canvases${width}`,
    what: `canvases of ${width} x ${height}, ${faces} people`,
    inTurn,
    photos: await Promise.all(
      Array.from({ length: inTurn }, (_, index) => canvas({ width, height }, chosen(index))),
    ),
  };
}

/** Photos of groups of people, made smaller. */
async function resized(numbers: readonly number[], width: number, inTurn: number): Promise<PhotoKind> {
  return {
    name: `photos${width}`,
    what: `photos ${numbers.join(', ')}, ${width} px wide`,
    inTurn,
    photos: await Promise.all(
      numbered(numbers).map(({ path }) =>
        sharp(path).rotate().resize({ width }).jpeg({ quality: QUALITY }).toBuffer(),
      ),
    ),
  };
}

/** Photos of groups of people at the size that they have. */
function asTheyAre(numbers: readonly number[], inTurn: number): PhotoKind {
  return {
    name: 'photos1920',
    what: `photos ${numbers.join(', ')} as they are, 1920 px wide`,
    inTurn,
    photos: numbered(numbers).map(({ path }) => readFileSync(path)),
  };
}

function numbered(numbers: readonly number[]): PackagedPhoto[] {
  return packagedPhotos().filter((_, index) => numbers.includes(index + 1));
}
