import type { JobHandler, StageName } from '@mien/bus';
import { MienError } from '@mien/errors';
import { type ProcessRequest, type ProcessResponse, StageServiceService } from '@mien/proto';
import { createRpcMetrics } from '../grpc/rpc-metrics';
import type { GrpcService } from '../grpc/server';
import { unary } from '../grpc/unary';
import type { Runtime } from '../runtime';

const NAME = 'mien.line.v1.StageService';

/** The stage's own work over gRPC, nothing forwarded. */
export function stageService(stage: StageName, handler: JobHandler, runtime: Runtime): GrpcService {
  const options = {
    method: `${NAME}/Process`,
    metrics: createRpcMetrics(runtime.telemetry.meter),
    logger: runtime.logger.child({ stage }),
  };
  const process = unary<ProcessRequest, ProcessResponse>(options, async ({ job }, { signal }) => {
    if (job === undefined) {
      throw new MienError('ARGUMENT_INVALID', 'a job is needed', { metadata: { field: 'job' } });
    }
    return { job: await handler(job, { signal }) };
  });
  return { name: NAME, definition: StageServiceService, implementation: { process } };
}
