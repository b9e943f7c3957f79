import type { JobHandler } from '@mien/bus';
import type { BlobRef } from '@mien/proto';
import { SPAN_ATTRIBUTES } from '@mien/telemetry';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { Runtime } from '../runtime';
import type { Stage } from './stage';

/** A stage as the queue and the gRPC service call it: with everything that the runtime lends it. */
export function stageHandler(stage: Stage, name: string, runtime: Runtime): JobHandler {
  const logger = runtime.logger.child({ stage: name });
  const readImage = (ref: BlobRef) => runtime.store.get(ref);
  const inference = <T>(batch: number, run: () => Promise<T>) => timed(runtime, name, batch, run);
  return (job, { signal }) => stage.process(job, { logger, signal, readImage, inference });
}

async function timed<T>(runtime: Runtime, stage: string, batch: number, run: () => Promise<T>): Promise<T> {
  const { inferenceDuration, batchSize } = runtime.telemetry.line;
  const attributes = { stage };
  const started = performance.now();
  return trace.getTracer('@mien/service').startActiveSpan(`inference ${stage}`, async (span) => {
    span.setAttribute(SPAN_ATTRIBUTES.batch.name, batch);
    try {
      return await run();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
      inferenceDuration.record((performance.now() - started) / 1000, attributes);
      batchSize.record(batch, attributes);
    }
  });
}
