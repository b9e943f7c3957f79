import type { FaceServiceService } from '@mien/proto';
import { checkLiveness } from './check-liveness';
import { compare } from './compare';
import { detect } from './detect';
import type { Methods } from './methods';
import type { Dependencies } from './ports';

/** mien.v1.FaceService without a transport. */
export type FaceUseCases = Methods<typeof FaceServiceService>;

export function faceUseCases(deps: Dependencies): FaceUseCases {
  return {
    detect: (request, call) => detect(request, call, deps),
    compare: (request, call) => compare(request, call, deps),
    checkLiveness: (request, call) => checkLiveness(request, call, deps),
  };
}
