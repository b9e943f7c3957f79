import { type ClientReadableStream, credentials, type ServiceError } from '@grpc/grpc-js';
import { fromServiceError, MienError } from '@mien/errors';
import {
  JobServiceClient,
  JobServiceService,
  SubmittedJob,
  type WatchJobRequest,
  type WatchJobResponse,
} from '@mien/proto';
import pino from 'pino';
import { startTelemetry } from '../telemetry/telemetry';
import type { CallContext } from './answer-call';
import { createRpcMetrics } from './rpc-metrics';
import { type GrpcServer, startGrpcServer } from './server';
import { serverStream } from './server-stream';

const MIB = 1_048_576;

describe('a method that answers with many messages', () => {
  const telemetry = startTelemetry({ service: 'test' });
  let server: GrpcServer;
  let client: JobServiceClient;
  let answer: (request: WatchJobRequest, call: CallContext) => AsyncIterable<WatchJobResponse>;

  beforeAll(async () => {
    const { watchJob } = JobServiceService;
    const method = watchJob.path.slice(1);
    const options = { method, metrics: createRpcMetrics(telemetry.meter), logger: pino({ level: 'silent' }) };
    const name = 'mien.v1.JobService';
    const implementation = {
      watchJob: serverStream<WatchJobRequest, WatchJobResponse>(options, (request, call) =>
        answer(request, call),
      ),
    };
    server = await startGrpcServer([{ name, definition: { watchJob }, implementation }], {
      bindAddress: '127.0.0.1',
      port: 0,
      maxMessageBytes: 4 * MIB,
    });
    client = new JobServiceClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
  });

  afterAll(async () => {
    client.close();
    await server.drain(1_000);
    await telemetry.shutdown();
  });

  it('sends them in order and ends', async () => {
    answer = async function* () {
      yield* ['a', 'b', 'c'].map(named);
    };
    expect(await namesIn(client.watchJob({ id: 'x' }))).toEqual(['a', 'b', 'c']);
  });

  it('tells why it ends early, with the reason', async () => {
    answer = async function* () {
      yield named('a');
      throw new MienError('CURSOR_INVALID', 'no such place', { metadata: { field: 'cursor' } });
    };
    const call = client.watchJob({ id: 'x' });
    const failure = await namesIn(call).catch((error: ServiceError) => fromServiceError(error));
    expect(failure).toMatchObject({
      reason: 'CURSOR_INVALID',
      message: 'no such place',
      metadata: { field: 'cursor' },
    });
  });

  it('keeps faults of ours to itself', async () => {
    answer = () => {
      throw new TypeError('a secret of the house');
    };
    const failure = await namesIn(client.watchJob({ id: 'x' })).catch((error: ServiceError) =>
      fromServiceError(error),
    );
    expect(failure).toMatchObject({ reason: 'INTERNAL', message: 'internal error' });
  });

  it('tells the source when the caller has gone', async () => {
    let aborted: AbortSignal | undefined;
    const returned = new Promise<void>((resolve) => {
      answer = (_, { signal }) => {
        aborted = signal;
        const next = async (): Promise<IteratorResult<WatchJobResponse>> => ({
          value: named('a'),
          done: false,
        });
        const end = async (): Promise<IteratorResult<WatchJobResponse>> => {
          resolve();
          return { value: undefined, done: true };
        };
        return { [Symbol.asyncIterator]: () => ({ next, return: end }) };
      };
    });
    const call = client.watchJob({ id: 'x' });
    call.on('error', () => undefined);
    call.once('data', () => call.cancel());
    await returned;
    expect(aborted?.aborted).toBe(true);
  });

  it('makes its source wait for a reader that stops to read', async () => {
    const count = 200;
    const produced = new Map<string, number>();
    answer = async function* ({ id }) {
      for (let index = 0; index < count; index += 1) {
        produced.set(id, index + 1);
        yield named('x'.repeat(MIB / 2));
      }
    };
    const paused = client.watchJob({ id: 'paused' });
    paused.on('error', () => undefined);
    await new Promise<void>((resolve) => {
      paused.once('data', () => {
        paused.pause();
        resolve();
      });
    });
    // All of it passes another reader meanwhile.
    expect(await namesIn(client.watchJob({ id: 'read' }))).toHaveLength(count);
    expect(produced.get('read')).toBe(count);
    expect(produced.get('paused')).toBeLessThan(count / 2);
    paused.cancel();
  });
});

function named(name: string): WatchJobResponse {
  return { job: SubmittedJob.fromPartial({ name }) };
}

async function namesIn(call: ClientReadableStream<WatchJobResponse>): Promise<(string | undefined)[]> {
  const names: (string | undefined)[] = [];
  for await (const { job } of call as AsyncIterable<WatchJobResponse>) {
    names.push(job?.name);
  }
  return names;
}
