import { JobClient } from '@mien/bus';
import { MienError } from '@mien/errors';
import {
  createRpcMetrics,
  type GrpcServer,
  type Runtime,
  startGrpcServer,
  startSweeper,
} from '@mien/service';
import type { Histogram } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from './config';
import { UrlPhotoFetcher } from './fetch/url-photo-fetcher';
import { faceService } from './grpc/face-service';
import { buildHttpServer } from './http/http-server';
import { PhotoShelf } from './photo-shelf';
import { Admission } from './usecases/admission';
import { faceUseCases } from './usecases/face-use-cases';
import { MAX_IMAGE_BYTES } from './usecases/limits';
import { version } from './version';

/** A gateway that listens. */
export interface RunningGateway {
  readonly grpcPort: number;
  readonly httpPort: number;
  /** Takes no new requests, answers those under way within the limit, and lets go of its ports. */
  drain(limitMs: number): Promise<void>;
}

const MAX_REDIRECTS = 3;
/** Two photos and what is around them. */
const MAX_MESSAGE_BYTES = 2 * MAX_IMAGE_BYTES + 1_048_576;
const SWEEP_INTERVAL_SECONDS = 60;

/** Puts FaceService behind gRPC and HTTP. The runtime stays its caller's. Throws CONFIGURATION_INVALID for taken ports. */
export async function startGateway(runtime: Runtime, config: GatewayConfig): Promise<RunningGateway> {
  const { bus, store, logger, telemetry } = runtime;
  const { blobRetentionSeconds, bindAddress } = runtime.config;
  const line = new JobClient({ bus, store, blobRetentionSeconds, metrics: telemetry.line, logger });
  const fetcher = new UrlPhotoFetcher({
    allowedNetworks: config.urlAllowedNetworks,
    maxBytes: MAX_IMAGE_BYTES,
    timeoutMs: config.urlTimeoutMs,
    maxRedirects: MAX_REDIRECTS,
  });
  const useCases = faceUseCases({ store: new PhotoShelf(store, blobRetentionSeconds), line, fetcher });
  const admission = new Admission(config.maxInFlight);
  const front = { useCases, admission, timeouts: config.timeouts, logger };
  const grpc = await startGrpcServer(
    [faceService({ ...front, metrics: createRpcMetrics(telemetry.meter) })],
    {
      bindAddress,
      port: config.grpcPort,
      maxMessageBytes: MAX_MESSAGE_BYTES,
    },
  );
  const http = await buildHttpServer({ ...front, version, duration: httpDuration(runtime) });
  const httpPort = await listen(http, bindAddress, config.httpPort);
  grpc.setServing(true);
  const stopSweeping = startSweeper(store, SWEEP_INTERVAL_SECONDS, logger);
  return {
    grpcPort: grpc.port,
    httpPort,
    drain: async (limitMs) => {
      grpc.setServing(false);
      await drainFronts(admission, grpc, http, limitMs);
      line.close();
      stopSweeping();
      await fetcher.close();
    },
  };
}

async function listen(http: FastifyInstance, host: string, port: number): Promise<number> {
  try {
    await http.listen({ host, port });
  } catch (error) {
    throw new MienError('CONFIGURATION_INVALID', `HTTP can not listen on ${host}:${port}`, { cause: error });
  }
  const address = http.server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

/** New requests are told that we are going; what is under way is answered, or cut off after the limit. */
async function drainFronts(
  admission: Admission,
  grpc: GrpcServer,
  http: FastifyInstance,
  limitMs: number,
): Promise<void> {
  const limit = setTimeout(() => http.server.closeAllConnections(), limitMs);
  await Promise.all([admission.drain(limitMs), grpc.drain(limitMs), http.close()]);
  clearTimeout(limit);
}

function httpDuration({ telemetry }: Runtime): Histogram {
  return telemetry.meter.createHistogram('mien_http_server_duration_seconds', {
    description: 'Time to answer an HTTP request, by route and status code',
    unit: 's',
    advice: { explicitBucketBoundaries: SECONDS },
  });
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
