import { randomUUID } from 'node:crypto';
import type { NewFace, PeopleStore } from '@mien/people';

const LENGTH = 512;
/** How far photos of somebody lie from the person's centre, in lengths of the centre: cosines of about 0.73. */
const SPREAD = 0.6;

/** A face of an identity, the same one every time: samples of one identity are alike, identities are not. */
export function face(identity: number, sample: number, modelVersion: string): NewFace {
  const centre = direction(identity * 1_000 + 1);
  const offset = direction(identity * 1_000 + 2 + sample);
  const template = centre.map((value, index) => value + SPREAD * (offset[index] ?? 0));
  const box = { x: 0, y: 0, width: 100, height: 100 };
  return { id: randomUUID(), box, quality: 90, modelVersion, template };
}

/** Enrols a person with the samples of an identity that are named. */
export async function enrol(
  people: PeopleStore,
  {
    id,
    groupId,
    identity,
    samples,
  }: { id: string; groupId: string; identity: number; samples: readonly number[] },
): Promise<void> {
  const { modelVersion } = await people.getGroup(groupId);
  const [first, ...others] = samples.map((sample) => face(identity, sample, modelVersion));
  if (first === undefined) {
    throw new Error('somebody has a face');
  }
  await people.createPerson({ id, groupId, name: id, face: first });
  if (others.length > 0) {
    await people.addFaces(id, others);
  }
}

/** A unit vector that the seed alone tells, spread evenly over all directions. */
function direction(seed: number): Float32Array {
  let state = Math.imul(seed, 0x9e3779b1);
  const next = () => {
    // Tommy Ettinger's mulberry32, public domain.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const vector = Float32Array.from(
    { length: LENGTH },
    () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  );
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
