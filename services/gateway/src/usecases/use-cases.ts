import { type JobServiceService, LibraryJobServiceService, LibraryServiceService } from '@mien/proto';
import type { AuditUseCases } from '../audit/audit-use-cases';
import type { DeadLetterUseCases } from '../dead-letters/dead-letter-use-cases';
import type { KeyUseCases } from '../keys/key-use-cases';
import type { NotificationUseCases } from '../notifications/notification-use-cases';
import { type ClusterPhotos, clusterPhotos } from './clusters/cluster-photos';
import { type FaceUseCases, faceUseCases } from './face-use-cases';
import {
  type LibraryJobUseCases,
  type LibraryUseCases,
  libraryJobUseCases,
  libraryUseCases,
} from './library/library-use-cases';
import { withoutLibrary } from './library/passed-on';
import type { Methods } from './methods';
import type { Dependencies, LibraryCalls } from './ports';

/** mien.v1.JobService without a transport. */
export type JobUseCases = Methods<typeof JobServiceService>;

/** All that the front door offers, without a transport. Everything thrown is a MienError, CallCancelled or a fault of ours. */
export interface UseCases {
  readonly faces: FaceUseCases;
  readonly clusterPhotos: ClusterPhotos;
  readonly library: LibraryUseCases;
  readonly libraryJobs: LibraryJobUseCases;
}

/** What both transports serve: the use cases, and jobs made of them. */
export interface ServedUseCases extends UseCases {
  readonly jobs: JobUseCases;
  readonly notifications: NotificationUseCases;
  readonly deadLetters: DeadLetterUseCases;
  readonly keys: KeyUseCases;
  readonly audit: AuditUseCases;
}

/** Without a library its calls are refused: CONFIGURATION_INVALID. */
export function allUseCases(line: Dependencies, library: LibraryCalls | undefined): UseCases {
  return {
    faces: faceUseCases(line),
    clusterPhotos: (messages, call) => clusterPhotos(messages, call, line),
    ...(library === undefined
      ? {
          library: withoutLibrary(LibraryServiceService),
          libraryJobs: withoutLibrary(LibraryJobServiceService),
        }
      : { library: libraryUseCases({ ...line, library }), libraryJobs: libraryJobUseCases(library) }),
  };
}
