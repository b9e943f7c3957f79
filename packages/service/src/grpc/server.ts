import { readFileSync } from 'node:fs';
import {
  logVerbosity,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  setLogVerbosity,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { loadFileDescriptorSetFromBuffer } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { MienError } from '@mien/errors';
import { descriptorSetPath } from '@mien/proto';
import { HealthImplementation } from 'grpc-health-check';
import { grpcServerCredentials } from '../tls/grpc-credentials';
import type { ReloadingTls } from '../tls/reloading-tls';
import { type HeaderCheck, headerCheck } from './header-check';
import { type ReceiveLimits, receiveLimits } from './receive-limits';

export interface GrpcService {
  /** Full name, such as mien.v1.FaceService. */
  readonly name: string;
  readonly definition: ServiceDefinition;
  readonly implementation: UntypedServiceImplementation;
}

export interface GrpcServerOptions {
  readonly bindAddress: string;
  /** 0 takes any free one. */
  readonly port: number;
  readonly maxMessageBytes: number;
  /** RECEIVE_LIMITS unless given. */
  readonly receive?: ReceiveLimits;
  /** Every call is taken without. */
  readonly headerCheck?: HeaderCheck;
  /** Plain text without. */
  readonly tls?: ReloadingTls | undefined;
}

export interface GrpcServer {
  readonly port: number;
  /** What the health service says of every service; NOT_SERVING until the first call. */
  setServing(serving: boolean): void;
  /** Takes no more calls, lets those under way finish, and cuts them off after the limit. */
  drain(limitMs: number): Promise<void>;
}

/** A peer that went without a word is asked so often, and let go with its streams when it does not answer in time. */
const KEEPALIVE_MS = 30_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;
/** Calls and streams of one connection; a client library makes further ones wait. */
const MAX_CALLS_PER_CONNECTION = 1_024;
/** Connections that nothing goes over are closed; client libraries open others when they need them. */
const MAX_IDLE_MS = 600_000;
const RECEIVE_LIMITS: ReceiveLimits = { openCalls: 4_096, messageMs: 60_000 };

/** Serves the services together with gRPC health and reflection. Throws CONFIGURATION_INVALID for a port in use. */
export async function startGrpcServer(
  services: readonly GrpcService[],
  options: GrpcServerOptions,
): Promise<GrpcServer> {
  // What grpc-js has to say is about callers, whose headers, keys among them, it would write to the console.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    interceptors: [
      receiveLimits(options.receive ?? RECEIVE_LIMITS),
      ...(options.headerCheck === undefined ? [] : [headerCheck(options.headerCheck)]),
    ],
    'grpc.max_receive_message_length': options.maxMessageBytes,
    'grpc.max_send_message_length': options.maxMessageBytes,
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
    'grpc.keepalive_timeout_ms': KEEPALIVE_TIMEOUT_MS,
    'grpc.max_connection_idle_ms': MAX_IDLE_MS,
    'grpc.max_concurrent_streams': MAX_CALLS_PER_CONNECTION,
  });
  for (const service of services) {
    server.addService(service.definition, service.implementation);
  }
  const names = ['', ...services.map((service) => service.name)];
  const health = new HealthImplementation(
    Object.fromEntries(names.map((name) => [name, 'NOT_SERVING' as const])),
  );
  health.addToServer(server);
  reflectionOf(services).addToServer(server);
  const port = await bind(server, options);
  return {
    port,
    setServing: (serving) => {
      for (const name of names) {
        health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
      }
    },
    drain: (limitMs) => drain(server, limitMs),
  };
}

/** The contracts of all of Mien, of which only the services that are here are listed. */
function reflectionOf(services: readonly GrpcService[]): ReflectionService {
  const contracts = loadFileDescriptorSetFromBuffer(readFileSync(descriptorSetPath));
  return new ReflectionService(contracts, { services: services.map((service) => service.name) });
}

function bind(server: Server, options: GrpcServerOptions): Promise<number> {
  const host = options.bindAddress.includes(':') ? `[${options.bindAddress}]` : options.bindAddress;
  const credentials =
    options.tls === undefined ? ServerCredentials.createInsecure() : grpcServerCredentials(options.tls);
  return new Promise((resolve, reject) => {
    server.bindAsync(`${host}:${options.port}`, credentials, (error, port) => {
      if (error === null) {
        resolve(port);
      } else {
        const message = `gRPC can not listen on ${host}:${options.port}`;
        reject(new MienError('CONFIGURATION_INVALID', message, { cause: error }));
      }
    });
  });
}

function drain(server: Server, limitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => server.forceShutdown(), limitMs);
    server.tryShutdown(() => {
      clearTimeout(limit);
      resolve();
    });
  });
}
