import type { DeadLetterKind, DeadLetterRecord } from '@mien/proto';

/** A kind of dead letters: where they lie and how they are driven again. Ids are those after the kind's prefix. */
export interface LetterSource {
  readonly kind: DeadLetterKind;
  /** Of the ids: stage, job or callback. */
  readonly prefix: string;
  /** Newest first, without detail; those after the letter of that id when it is given. Throws CURSOR_INVALID. */
  list(limit: number, after: string | undefined): Promise<readonly DeadLetterRecord[]>;
  /** With detail. Throws DEAD_LETTER_NOT_FOUND. */
  get(id: string): Promise<DeadLetterRecord>;
  /** Throws DEAD_LETTER_NOT_FOUND. */
  redrive(id: string): Promise<void>;
}
