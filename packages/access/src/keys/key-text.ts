import { createHash, randomBytes } from 'node:crypto';

/** A key as its holder sends it. */
export interface KeyText {
  readonly id: string;
  /** 32 random bytes in base64url. */
  readonly secret: string;
}

const ID_BYTES = 10;
const SECRET_BYTES = 32;
/** The prefix lets scanners of source code recognise what must not lie there. */
const TEXT = /^mien_([0-9a-f]{20})_([A-Za-z0-9_-]{43})$/;

export function newKeyText(): KeyText {
  return { id: randomBytes(ID_BYTES).toString('hex'), secret: newSecret() };
}

export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

export function writeKeyText({ id, secret }: KeyText): string {
  return `mien_${id}_${secret}`;
}

/** Undefined for what is no key. */
export function readKeyText(text: string): KeyText | undefined {
  const [, id, secret] = TEXT.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** A hash that is quick to make will do: 256 random bits can't be guessed, unlike what people think up. */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
