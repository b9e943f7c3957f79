import type {
  CheckLivenessRequest,
  CheckLivenessResponse,
  CompareRequest,
  CompareResponse,
  DetectRequest,
  DetectResponse,
} from '@mien/proto';
import type { Call } from './call';
import { checkLiveness } from './check-liveness';
import { compare } from './compare';
import { detect } from './detect';
import type { Dependencies } from './ports';

/** mien.v1.FaceService without a transport. Everything thrown is a MienError, CallCancelled or a fault of ours. */
export interface FaceUseCases {
  detect(request: DetectRequest, call: Call): Promise<DetectResponse>;
  compare(request: CompareRequest, call: Call): Promise<CompareResponse>;
  checkLiveness(request: CheckLivenessRequest, call: Call): Promise<CheckLivenessResponse>;
}

export function faceUseCases(deps: Dependencies): FaceUseCases {
  return {
    detect: (request, call) => detect(request, call, deps),
    compare: (request, call) => compare(request, call, deps),
    checkLiveness: (request, call) => checkLiveness(request, call, deps),
  };
}
