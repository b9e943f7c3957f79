/**
 * Fits the appearance model of quality/appearance-model.ts and writes its parameters:
 *
 *   node packages/vision/dist/quality/calibration/fit-appearance.js LFW_DIR packages/vision/src/quality/appearance-parameters.ts
 *
 * LFW_DIR holds images/ and pairsDevTrain.txt. Takes a few minutes; the numbers are the same every time.
 */
import { writeFileSync } from 'node:fs';
import { headPose } from '../../landmarks/head-pose';
import { appearanceAt, CHANNELS } from '../appearance';
import { FACE_PARTS } from '../appearance-model';
import { faceRaster, rasterPositions } from '../face-raster';
import { visibility } from '../visibility';
import { type Components, principalComponents, type Sample } from './components';
import { type LfwFace, lfwFaces } from './lfw-faces';
import { meanMesh } from './mean-mesh';
import { chosenPlaces, type Place } from './places';
import { randomNumbers, varied } from './variations';

const FACES = 1400;
const PLACES = 240;
const COMPONENTS = 24;
/** Worse copies made of each face. */
const VARIATIONS = 2;
/** LFW has hats, hands and microphones in it: the strangest faces of a first fit are left out of the second. */
const KEPT_SHARE = 0.88;

async function main(folder: string, target: string): Promise<void> {
  const random = randomNumbers(7);
  const faces = await lfwFaces(folder, 'pairsDevTrain.txt', FACES);
  const places = chosenPlaces(meanMesh(faces.map(({ mesh }) => mesh)), PLACES);
  const samples: Sample[] = [];
  for (const face of faces) samples.push(...(await samplesOf(face, places, random)));
  const first = principalComponents(samples, CHANNELS, COMPONENTS, random);
  const limit = [...first.strange].sort((a, b) => a - b)[Math.floor(samples.length * KEPT_SHARE)] ?? 1;
  const kept = samples.filter((_, index) => (first.strange[index] ?? 1) <= limit);
  const fitted = principalComponents(kept, CHANNELS, COMPONENTS, random);
  writeFileSync(target, parametersFile(places, fitted));
  process.stdout.write(`${faces.length} faces, ${samples.length} samples, ${kept.length} kept\n`);
}

async function samplesOf(face: LfwFace, places: readonly Place[], random: () => number): Promise<Sample[]> {
  const { input, mesh } = face;
  const raster = faceRaster(input.picture, mesh);
  const vertices = places.map(({ vertex }) => vertex);
  const positions = rasterPositions(raster, mesh, vertices);
  const normals = Float64Array.from(places.flatMap(({ normal }) => [...normal]));
  const seen = visibility({ vertices, normals }, headPose(mesh));
  const pictures = [raster.picture];
  for (let copy = 0; copy < VARIATIONS; copy++) pictures.push(await varied(raster.picture, random));
  return pictures.map((picture) => ({ values: appearanceAt(picture, positions), seen }));
}

function parametersFile(places: readonly Place[], fitted: Components): string {
  const { basis, mean, noise, spread, variance } = fitted;
  const scales = basis.map((direction) => Math.max(...direction.map(Math.abs)) / 127);
  const bytes = Buffer.alloc(mean.length * basis.length);
  for (const [component, direction] of basis.entries()) {
    for (const [number, share] of direction.entries()) {
      bytes.writeInt8(Math.round(share / (scales[component] ?? 1)), number * basis.length + component);
    }
  }
  return `/**
 * Parameters of the appearance model, written by quality/calibration/fit-appearance.ts; appearance-model.ts tells what
 * each is. Texts are base64: little-endian 32-bit floats, the basis 8-bit integers.
 */
export const COMPONENTS = ${basis.length};
export const VERTICES: readonly number[] = ${list(places.map(({ vertex }) => vertex))};
/** Positions in FACE_PARTS, -1 for none. */
export const PARTS: readonly number[] = ${list(places.map(({ part }) => (part ? FACE_PARTS.indexOf(part) : -1)))};
export const UPPER: readonly number[] = ${list(places.map(({ upper }) => (upper ? 1 : 0)))};
export const SPREADS: readonly number[] = ${list(spread)};
export const VARIANCES: readonly number[] = ${list(variance)};
export const BASIS_SCALES: readonly number[] = ${list(scales)};
export const NORMALS = '${floats(places.flatMap(({ normal }) => [...normal]))}';
export const MEANS = '${floats(mean)}';
export const NOISES = '${floats(noise)}';
export const BASIS = '${bytes.toString('base64')}';
`;
}

function list(values: Iterable<number>): string {
  return `[${Array.from(values, (value) => Number(value.toPrecision(6))).join(', ')}]`;
}

function floats(values: Iterable<number>): string {
  return Buffer.from(Float32Array.from(values).buffer).toString('base64');
}

const [, , folder, target] = process.argv;
if (folder === undefined || target === undefined) {
  process.stderr.write('usage: fit-appearance LFW_DIR TARGET_FILE\n');
  process.exitCode = 2;
} else {
  void main(folder, target);
}
