import { MienError } from '@mien/errors';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { KV, KvEntry } from '@nats-io/kv';

/** What lies under a key now; nothing when it was deleted. */
export async function presentEntry(kv: KV, key: string): Promise<KvEntry | undefined> {
  const entry = await kv.get(key);
  return entry === null || entry.operation !== 'PUT' ? undefined : entry;
}

/** Every key's present entry. */
export async function presentEntries(kv: KV): Promise<KvEntry[]> {
  const keys: string[] = [];
  for await (const key of await kv.keys()) {
    keys.push(key);
  }
  const entries = await Promise.all(keys.map((key) => presentEntry(kv, key)));
  return entries.filter((entry) => entry !== undefined);
}

/** Whether a write was refused because somebody else was first. */
export function isLostRace(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence;
}

/** A change to one of these ids is written in a subject. */
const ID = /^[A-Za-z0-9-]{1,64}$/;

export function isStoredId(id: string): boolean {
  return ID.test(id);
}

export function limitReached(what: string, limit: number): MienError {
  return new MienError('LIMIT_REACHED', `there are ${limit} ${what} already`, {
    metadata: { limit: what, maximum: String(limit) },
  });
}
