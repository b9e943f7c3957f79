/** Encrypts what is kept at rest. */
export interface Cipher {
  /** Names the key that new bytes are sealed with, without telling it: 16 hexadecimal digits, kept beside them. */
  readonly keyId: string;
  /** Whether bytes sealed with the key of this name can be opened. */
  knows(keyId: string): boolean;
  /** `context` is what the bytes belong to: they can't be opened as belonging to something else. */
  seal(plain: Uint8Array, context: string): Buffer;
  /** Throws when the bytes were changed, or sealed with another key or context. */
  open(sealed: Uint8Array, keyId: string, context: string): Buffer;
  /** A stand-in for a name: always the same 64 hexadecimal digits for it, which only who has the key can tell. */
  pseudonym(name: string): string;
}
