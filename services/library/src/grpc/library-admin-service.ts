import {
  type CheckLibraryRequest,
  type CheckLibraryResponse,
  type LibraryAdminServiceServer,
  LibraryAdminServiceService,
  type LibraryDamage,
} from '@mien/proto';
import { type GrpcService, type RpcMetrics, unary } from '@mien/service';
import { checkLibrary } from '../check/check-library';
import type { Damage } from '../check/damage';
import type { OpenLibrary } from '../open-library';

const NAME = 'mien.line.v1.LibraryAdminService';

/** What operators ask of a running library. */
export function libraryAdminService(library: OpenLibrary, metrics: RpcMetrics): GrpcService {
  const implementation: LibraryAdminServiceServer = {
    checkLibrary: unary({ method: `${NAME}/CheckLibrary`, metrics, logger: library.logger }, check(library)),
  };
  return { name: NAME, definition: LibraryAdminServiceService, implementation };
}

function check(library: OpenLibrary) {
  return async ({ repair, rewriteIndex }: CheckLibraryRequest): Promise<CheckLibraryResponse> => {
    const report = await checkLibrary(library, { repair, rewrite: rewriteIndex });
    return {
      ...report,
      facesWithoutVector: damageMessage(report.facesWithoutVector),
      vectorsWithoutFace: damageMessage(report.vectorsWithoutFace),
      blobsWithoutFace: damageMessage(report.blobsWithoutFace),
      lostBlobs: damageMessage(report.lostBlobs),
    };
  };
}

function damageMessage({ count, examples }: Damage): LibraryDamage {
  return { count, examples: [...examples] };
}
