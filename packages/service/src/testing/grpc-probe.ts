import { dirname, join } from 'node:path';
import { Client, credentials, type MethodDefinition } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { fromServiceError } from '@mien/errors';
import { type Job, Lane, StageServiceClient } from '@mien/proto';
import { service as healthService } from 'grpc-health-check';

/** Calls a stage directly. Rejects with the MienError that the call failed with. */
export async function callStage(port: number): Promise<Job | undefined> {
  const client = new StageServiceClient(`127.0.0.1:${port}`, credentials.createInsecure());
  const job: Job = {
    id: 'direct',
    lane: Lane.LANE_INTERACTIVE,
    deadline: undefined,
    itinerary: ['detector'],
    replyTo: '',
    options: undefined,
    photos: [],
    similarity: undefined,
    library: undefined,
    calibration: undefined,
    submission: undefined,
    problem: undefined,
    enqueuedAt: undefined,
  };
  try {
    return await new Promise((resolve, reject) => {
      client.process({ job }, (error, response) =>
        error ? reject(fromServiceError(error)) : resolve(response.job),
      );
    });
  } finally {
    client.close();
  }
}

/** What the health service says of the whole server. */
export async function askHealth(port: number): Promise<unknown> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const { path, requestSerialize, responseDeserialize } = methodOf(healthService, 'Check');
  try {
    const response = await new Promise((resolve, reject) => {
      client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { service: '' },
        (error, answer) => (error ? reject(error) : resolve(answer)),
      );
    });
    return field(response, 'status');
  } finally {
    client.close();
  }
}

/** Names of the services that reflection lists. */
export async function askReflection(port: number): Promise<string> {
  const folder = join(dirname(require.resolve('@grpc/reflection/package.json')), 'build/proto');
  const contract = loadSync('grpc/reflection/v1/reflection.proto', { includeDirs: [folder], keepCase: true });
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  const method = methodOf({ ...contract['grpc.reflection.v1.ServerReflection'] }, 'ServerReflectionInfo');
  try {
    const call = client.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
    );
    const answer = new Promise<unknown>((resolve, reject) =>
      call.once('data', resolve).once('error', reject),
    );
    call.write({ list_services: '' });
    const listed = JSON.stringify(await answer);
    call.end();
    return listed;
  } finally {
    client.close();
  }
}

function methodOf(service: object, name: string): MethodDefinition<unknown, unknown> {
  const methods: MethodDefinition<unknown, unknown>[] = Object.values(service);
  const method = methods.find((candidate) => candidate.path.endsWith(`/${name}`));
  if (method === undefined) {
    throw new Error(`no method ${name}`);
  }
  return method;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
