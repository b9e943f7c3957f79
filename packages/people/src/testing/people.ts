import { randomUUID } from 'node:crypto';
import type { BlobReservations } from '../blob-reservations';
import type { NewGroup } from '../groups';
import type { NewFace, NewPerson } from '../persons';
import { TEMPLATE_LENGTH } from '../template/vector';

export const MODEL = 'embedding-1';

let made = 0;

/** An id that no other test has. */
export function newId(kind: string): string {
  made += 1;
  return `${kind}-${process.pid}-${made}`;
}

/** A direction that is the seed's own: numbers spread as a normal distribution's. */
export function templateOf(seed: number): Float32Array {
  const next = mulberry32(seed);
  return Float32Array.from({ length: TEMPLATE_LENGTH }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - next()));
    return radius * Math.cos(2 * Math.PI * next());
  });
}

export function aGroup(changes: Partial<NewGroup> = {}): NewGroup {
  const id = newId('group');
  return { id, name: `Name of ${id}`, modelVersion: MODEL, ...changes };
}

export function aFace(changes: Partial<NewFace> = {}): NewFace {
  made += 1;
  const id = randomUUID();
  return {
    id,
    box: { x: 10.5, y: 20.25, width: 100, height: 120 },
    quality: 87.5,
    modelVersion: MODEL,
    template: templateOf(made),
    ...changes,
  };
}

/** With blobs that are reserved. */
export async function aFaceWithBlobs(
  store: BlobReservations,
  changes: Partial<NewFace> = {},
): Promise<NewFace> {
  const face = aFace(changes);
  const blobs = { cropKey: `crops/${face.id}`, photoKey: `photos/${face.id}` };
  await store.reserveBlobs(Object.values(blobs), 3600);
  return { ...face, ...blobs };
}

export function aPerson(groupId: string, changes: Partial<NewPerson> = {}): NewPerson {
  return { id: newId('person'), groupId, name: 'Ada', face: aFace(), ...changes };
}

/** Public domain generator of Tommy Ettinger's: a whole 32-bit period, good enough to spread test data. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
