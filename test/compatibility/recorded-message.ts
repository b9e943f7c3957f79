import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { repositoryRoot } from '../photos/repository';

/** A message as a release wrote it. */
export interface RecordedMessage {
  readonly kind: string;
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly data: Buffer;
  /** What that release read in it; long parts as their digest. */
  readonly meaning: unknown;
  /** Of the object store, by key: what the message points to. */
  readonly blobs: Readonly<Record<string, Buffer>>;
}

export const MESSAGES_FOLDER = join(repositoryRoot(), 'test', 'compatibility', 'messages');

export function recordedVersions(): string[] {
  return readdirSync(MESSAGES_FOLDER);
}

export function recordedMessages(version: string): RecordedMessage[] {
  const folder = join(MESSAGES_FOLDER, version);
  return readdirSync(folder).map((name) => fromFile(gunzipSync(readFileSync(join(folder, name)))));
}

export function toFile(message: RecordedMessage): Buffer {
  const blobs = Object.entries(message.blobs).map(([key, bytes]) => [key, bytes.toString('base64')]);
  const data = message.data.toString('base64');
  return gzipSync(JSON.stringify({ ...message, data, blobs: Object.fromEntries(blobs) }), { level: 9 });
}

function fromFile(bytes: Buffer): RecordedMessage {
  const { data, blobs, ...rest } = JSON.parse(bytes.toString());
  const unpacked = Object.entries(blobs as Record<string, string>).map(([key, text]) => [
    key,
    Buffer.from(text, 'base64'),
  ]);
  return { ...rest, data: Buffer.from(data, 'base64'), blobs: Object.fromEntries(unpacked) };
}

const LONGEST_TEXT = 200;
const LONGEST_LIST = 64;

/** JSON with long texts and lists replaced by their digests: equal where they are equal. */
export function brief(json: unknown): unknown {
  if (typeof json === 'string' && json.length > LONGEST_TEXT) {
    return digest(json);
  }
  if (Array.isArray(json)) {
    return json.length > LONGEST_LIST ? digest(JSON.stringify(json)) : json.map(brief);
  }
  return typeof json === 'object' && json !== null
    ? Object.fromEntries(Object.entries(json).map(([name, value]) => [name, brief(value)]))
    : json;
}

function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
