import type { EnrolledPerson, Image } from '@mien/proto';

/** A photo when its turn has come. */
export interface PhotoOfJob {
  readonly index: number;
  /** The caller's own; may be empty. */
  readonly name: string;
  /** Undefined where the request gave none. */
  readonly image: Image | undefined;
  readonly person: EnrolledPerson | undefined;
}
