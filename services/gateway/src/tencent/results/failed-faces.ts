import type { Call } from '../../usecases/call';
import type { UseCases } from '../../usecases/use-cases';
import { answered } from '../actions/answered';

/** The faces that could not be brought to another model, and why. */
export async function* failedFaces(id: string, { libraryJobs }: UseCases, call: Call) {
  const { upgrade } = await libraryJobs.getModelUpgrade({ id }, call);
  for (const { faceId, refusal } of answered(upgrade).failedFaces) {
    yield { FaceId: faceId, Reason: refusal?.reason ?? '', Message: refusal?.message ?? '' };
  }
}
