import { MienError } from '@mien/errors';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { startGrpcServer } from '../grpc/server';
import { startOpsServer } from '../ops/ops-server';
import { startTelemetry } from '../telemetry/telemetry';
import { askHealth, askReflection, callStage } from '../testing/grpc-probe';
import { stampsOf, TestRuntime } from '../testing/test-runtime';
import { tinyStage } from '../testing/tiny-stage';
import { stageService } from './stage-service';
import { startStage } from './start-stage';

const spans = new InMemorySpanExporter();
const telemetry = startTelemetry({ service: 'test', spanProcessors: [new SimpleSpanProcessor(spans)] });
let line: TestRuntime;

beforeEach(async () => {
  line = await TestRuntime.start(telemetry);
  spans.reset();
});
afterEach(() => line.stop());
afterAll(() => telemetry.shutdown());

describe('stages in one process', () => {
  it('work one after the other, in one trace', async () => {
    const detector = await startStage(tinyStage('detector', 'first'), line.runtime, { config: {} });
    const embedder = await startStage(tinyStage('embedder', 'second'), line.runtime, { config: {} });
    expect(stampsOf(await line.submit(['detector', 'embedder'], 10_000))).toEqual(['first', 'second']);
    await detector.drain(1_000);
    await embedder.drain(1_000);
    const finished = spans.getFinishedSpans();
    const named = (name: string) => finished.find((span) => span.name === name);
    const sent = named('send mien.work.detector.interactive');
    const first = named('process mien.work.detector.interactive');
    const second = named('process mien.work.embedder.interactive');
    expect(new Set(finished.map((span) => span.spanContext().traceId)).size).toBe(1);
    expect(first?.parentSpanContext?.spanId).toBe(sent?.spanContext().spanId);
    expect(first?.links[0]?.context.spanId).toBe(sent?.spanContext().spanId);
    expect(second?.parentSpanContext?.spanId).toBe(first?.spanContext().spanId);
    expect(second?.attributes).toMatchObject({
      'messaging.system': 'nats',
      'mien.stage': 'embedder',
      'mien.job.photos': 1,
    });
    expect(named('inference detector')?.parentSpanContext?.spanId).toBe(first?.spanContext().spanId);
  });

  it('tell Prometheus what they do', async () => {
    const stage = await startStage(tinyStage('detector', 'first'), line.runtime, { config: {} });
    await line.submit(['detector'], 10_000);
    await stage.drain(1_000);
    const ops = await startOpsServer({
      bindAddress: '127.0.0.1',
      port: 0,
      telemetry,
      ready: () => line.runtime.ready(),
    });
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${ops.port}${path}`);
      return { status: response.status, text: await response.text() };
    };
    const { text } = await get('/metrics');
    for (const wanted of [
      /mien_stage_jobs_total\{stage="detector",lane="interactive",outcome="answered"\} \d/,
      /mien_stage_process_duration_seconds_count\{stage="detector",lane="interactive"\} \d/,
      /mien_stage_queue_wait_seconds_bucket\{stage="detector",lane="interactive",le="0.5"\} \d/,
      /mien_stage_inference_duration_seconds_sum\{stage="detector"\} [\d.]+/,
      /mien_stage_inference_batch_faces_sum\{stage="detector"\} \d+/,
      /mien_stage_jobs_in_flight\{stage="detector",lane="interactive"\} 0/,
      /mien_line_job_duration_seconds_count\{outcome="ok"\} \d/,
    ]) {
      expect(text).toMatch(wanted);
    }
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    expect((await get('/elsewhere')).status).toBe(404);
    await line.server.stop();
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/livez')).status).toBe(200);
    await ops.close();
  });

  it('answer gRPC beside their queue, with health and reflection', async () => {
    const refusing = tinyStage('detector', 'direct', async () => {
      throw new MienError('MODEL_PACK_INVALID', 'no such model', { metadata: { model: 'detector' } });
    });
    const working = await startStage(tinyStage('detector', 'direct'), line.runtime, { config: {} });
    const broken = await startStage(refusing, line.runtime, { config: {} });
    const open = (stage: typeof working) =>
      startGrpcServer([stageService('detector', stage.handler, line.runtime)], {
        bindAddress: '127.0.0.1',
        port: 0,
        maxMessageBytes: 1_000_000,
      });
    const grpc = await open(working);
    const bad = await open(broken);
    expect((await callStage(grpc.port))?.photos[0]?.image?.key).toBe('direct');
    await expect(callStage(bad.port)).rejects.toMatchObject({
      reason: 'MODEL_PACK_INVALID',
      metadata: { model: 'detector' },
    });
    expect(await askHealth(grpc.port)).toBe('NOT_SERVING');
    grpc.setServing(true);
    expect(await askHealth(grpc.port)).toBe('SERVING');
    expect(await askReflection(grpc.port)).toContain('mien.line.v1.StageService');
    await Promise.all([grpc.drain(1_000), bad.drain(1_000), working.drain(1_000), broken.drain(1_000)]);
  });
});
