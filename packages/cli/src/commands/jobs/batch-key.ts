import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { JobWork } from '@mien/sdk';
import type { GivenPhoto } from '../../input/job-photos';
import { inTurn } from '../batch';

/** Marks the keys of this command among a caller's others. */
const PREFIX = 'mien-jobs-submit-';
/** Files that are read at once. */
const READERS = 4;

export function isBatchKey(idempotencyKey: string): boolean {
  return idempotencyKey.startsWith(PREFIX);
}

/** The same for the same work on the same photos: where they lie, whose they are and what is in them. */
export async function batchKey(work: JobWork, photos: readonly GivenPhoto[]): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(work));
  for (const [{ photo, person }, digest] of inTurn(photos, READERS, contentDigest)) {
    hash.update(JSON.stringify([whereabouts(photo), person?.id, await digest]));
  }
  return PREFIX + hash.digest('hex');
}

/** Like no other: for what is to be done whatever was done before. */
export function freshKey(): string {
  return PREFIX + randomUUID();
}

async function contentDigest({ photo }: GivenPhoto): Promise<string> {
  return isWeb(photo)
    ? ''
    : createHash('sha256')
        .update(await readFile(photo))
        .digest('hex');
}

function whereabouts(photo: string): string {
  return isWeb(photo) ? photo : resolve(photo);
}

function isWeb(photo: string): boolean {
  return /^https?:\/\//i.test(photo);
}
