import type { NewJob } from '@mien/bus';
import type { CloudEvent } from '@mien/notifications';
import type { BlobRef, Job } from '@mien/proto';
import type { Call } from './call';
import type { AskedMethod } from './methods';

/** What the use cases need of the object store. */
export interface PhotoStore {
  /** Keeps the bytes for one request, until they are removed or their retention ends. */
  put(bytes: Buffer): Promise<BlobRef>;
  remove(ref: BlobRef): Promise<void>;
}

/** What the use cases need of the bus: its JobClient. */
export interface Line {
  /**
   * Sends a job down its itinerary and gives it back as the last stage left it. Throws what is wrong with the job
   * as a whole, DEADLINE_EXCEEDED, BUS_UNAVAILABLE, OVERLOADED, SHUTTING_DOWN, or the signal's reason.
   */
  submit(work: NewJob, limits: { deadlineMs: number; signal: AbortSignal }): Promise<Job>;
}

/** What the use cases need of the network. */
export interface PhotoFetcher {
  /** Throws URL_INVALID, URL_FORBIDDEN, URL_FETCH_FAILED or IMAGE_TOO_LARGE. */
  fetch(url: string, signal: AbortSignal): Promise<Buffer>;
}

/** What the use cases need of the library's process. */
export interface LibraryCalls {
  /** Asks the library. Throws what it answers, LIBRARY_UNAVAILABLE, or the reason of the call's signal. */
  call<Request, Response>(
    method: AskedMethod<Request, Response>,
    request: Request,
    call: Call,
  ): Promise<Response>;
}

/** Where events are told. */
export interface EventSink {
  /** Resolves when they are kept for whoever listens; the same told again are told once. Throws BUS_UNAVAILABLE. */
  publish(events: readonly CloudEvent[]): Promise<void>;
}

/** What the use cases stand on. */
export interface Dependencies {
  readonly store: PhotoStore;
  readonly line: Line;
  readonly fetcher: PhotoFetcher;
  readonly events: EventSink;
}

/** What those of the library stand on. */
export interface LibraryDependencies extends Dependencies {
  readonly library: LibraryCalls;
}
