import type { KeyRing, RateLimits } from '@mien/access';
import { JobClient } from '@mien/bus';
import { MienError } from '@mien/errors';
import {
  AuditServiceService,
  DeadLetterServiceService,
  FaceServiceService,
  JobServiceService,
  KeyServiceService,
  LibraryJobServiceService,
  LibraryServiceService,
  NotificationServiceService,
} from '@mien/proto';
import {
  createRpcMetrics,
  type GrpcServer,
  grpcChannelCredentials,
  OpenStreams,
  openTls,
  type ReloadingTls,
  type Runtime,
  requireEncryption,
  startGrpcServer,
  startSweeper,
} from '@mien/service';
import { histogram } from '@mien/telemetry';
import type { FastifyInstance } from 'fastify';
import { Doorkeeper } from './access/doorkeeper';
import { guardedServed, guardedUseCases } from './access/guarded-use-cases';
import { LEAST_ROLES } from './access/least-roles';
import { openAccess } from './access/open-access';
import { createAnswerMetrics } from './answers/answer-metrics';
import { ObservedLine } from './answers/observed-line';
import { auditUseCases } from './audit/audit-use-cases';
import type { GatewayConfig } from './config';
import { deadCallbackLetters } from './dead-letters/dead-callbacks';
import { deadJobLetters } from './dead-letters/dead-jobs';
import { deadLetterUseCases } from './dead-letters/dead-letter-use-cases';
import { stageLetters } from './dead-letters/stage-letters';
import { UrlPhotoFetcher } from './fetch/url-photo-fetcher';
import { clusteringService } from './grpc/clustering-service';
import { authorizationIn } from './grpc/front-door';
import { frontService } from './grpc/front-service';
import { Entrance } from './http/entrance';
import { buildHttpServer, buildTencentServer, type PortOptions } from './http/http-server';
import { Contract } from './http/openapi/contract';
import { openJobs } from './jobs/open-jobs';
import { keyUseCases } from './keys/key-use-cases';
import { LibraryClient } from './library/library-client';
import { AdmittingLine } from './load/admitting-line';
import { InteractiveActivity } from './load/interactive-activity';
import { observeLoad } from './load/load-metrics';
import { LoadMonitor } from './load/load-monitor';
import { openNotifications } from './notifications/open-notifications';
import { PhotoShelf } from './photo-shelf';
import type { TencentOptions } from './tencent/endpoint';
import { readKeyFile } from './tencent/signing/key-file';
import { allOf, mienSigningKeys } from './tencent/signing/mien-keys';
import type { SigningKeys } from './tencent/signing/signing-keys';
import { Admission } from './usecases/admission';
import { MAX_IMAGE_BYTES, MAX_PHOTOS_BYTES } from './usecases/limits';
import { allUseCases } from './usecases/use-cases';
import { version } from './version';

/** A gateway that listens. */
export interface RunningGateway {
  readonly grpcPort: number;
  readonly httpPort: number;
  /** Where the Tencent endpoint has a port of its own. */
  readonly tencentPort?: number;
  /** Still takes requests, and lets clients know that it is going: HTTP connections end with their next answer. */
  leave(): void;
  /** Takes no new requests, answers those under way within the limit, and lets go of its ports. */
  drain(limitMs: number): Promise<void>;
}

const MAX_REDIRECTS = 3;
/** The photos of a request and what is around them. */
const MAX_MESSAGE_BYTES = MAX_PHOTOS_BYTES + 1_048_576;
/** A library on the same network is there sooner than this, or not at all. */
const LIBRARY_CONNECT_TIMEOUT_MS = 3_000;
const SWEEP_INTERVAL_SECONDS = 60;
/** A dead job that is driven again has so long from then: as long as any job. */
const REDRIVEN_JOB_MS = 24 * 3_600_000;
const LOAD_INTERVAL_MS = 1_000;
/** Of photos of jobs, while somebody waits. */
const HOLDING_BACK = { quietMs: 100, oneByOneMs: 2_000, longestWaitMs: 1_000 };

/** Puts the services of mien.v1 behind gRPC and HTTP. The runtime stays its caller's. Throws CONFIGURATION_INVALID for taken ports. */
export async function startGateway(runtime: Runtime, config: GatewayConfig): Promise<RunningGateway> {
  const { bus, store, logger, telemetry } = runtime;
  const { blobRetentionSeconds, bindAddress } = runtime.config;
  const client = new JobClient({ bus, store, blobRetentionSeconds, metrics: telemetry.line, logger });
  const load = new LoadMonitor(bus, logger, LOAD_INTERVAL_MS);
  const endLoadMetrics = observeLoad(load, telemetry.meter);
  const activity = new InteractiveActivity(HOLDING_BACK);
  const line = new ObservedLine(
    new AdmittingLine(client, load, activity, config.load),
    createAnswerMetrics(telemetry.meter),
  );
  const fetcher = new UrlPhotoFetcher({
    allowedNetworks: config.urlAllowedNetworks,
    maxBytes: MAX_IMAGE_BYTES,
    timeoutMs: config.urlTimeoutMs,
    maxRedirects: MAX_REDIRECTS,
  });
  const tls = await frontTls(runtime, config);
  const library = libraryOf(runtime, config);
  const access = await openAccess(runtime, config.access);
  const {
    useCases: notifications,
    events,
    expectEndpoint,
    dropOf,
  } = await openNotifications(runtime, config.callbackAllowedNetworks);
  const bare = allUseCases(
    { store: new PhotoShelf(store, blobRetentionSeconds), line, fetcher, events },
    library,
  );
  // What jobs do is done with the rights of who submitted them; the trail has it as the job.
  const useCases = guardedUseCases(bare, { library, trail: undefined });
  const hasLibrary = library !== undefined;
  const jobs = await openJobs(runtime, config.jobs, { useCases, hasLibrary, expectEndpoint });
  const deadLetters = deadLetterUseCases([
    stageLetters(bus, config.timeouts.maximumMs),
    deadJobLetters(jobs.store, REDRIVEN_JOB_MS),
    deadCallbackLetters(bus),
  ]);
  const keys = keyUseCases({ store: access.store, dropNotificationsOf: dropOf });
  const served = guardedServed(
    {
      ...bare,
      jobs: jobs.useCases,
      notifications,
      deadLetters,
      keys,
      audit: auditUseCases(access.trail),
    },
    { library, trail: access.trail },
  );
  const admission = new Admission(config.maxInFlight);
  const openStreams = new OpenStreams(config.openStreams);
  const front = { admission, openStreams, timeouts: config.timeouts, logger };
  const { registry } = Contract.load();
  const doorkeeper = new Doorkeeper(access.gate, access.trail);
  const grpcFront = { ...front, doorkeeper, registry, metrics: createRpcMetrics(telemetry.meter) };
  const grpc = await startGrpcServer(
    [
      frontService(FaceServiceService, served.faces, grpcFront),
      clusteringService(served.clusterPhotos, grpcFront),
      frontService(LibraryServiceService, served.library, grpcFront),
      frontService(LibraryJobServiceService, served.libraryJobs, grpcFront),
      frontService(JobServiceService, served.jobs, grpcFront),
      frontService(NotificationServiceService, served.notifications, grpcFront),
      frontService(DeadLetterServiceService, served.deadLetters, grpcFront),
      frontService(KeyServiceService, served.keys, grpcFront),
      frontService(AuditServiceService, served.audit, grpcFront),
    ],
    {
      bindAddress,
      port: config.grpcPort,
      maxMessageBytes: MAX_MESSAGE_BYTES,
      headerCheck: (method, metadata) => {
        if (LEAST_ROLES.has(method)) {
          access.gate.expectKey(authorizationIn(metadata));
        }
      },
      tls,
    },
  );
  const leaving = new AbortController();
  const leave = () => {
    leaving.abort();
    grpc.setServing(false);
  };
  const port = {
    ...front,
    leaving: leaving.signal,
    duration: histogram(telemetry.meter, 'httpDuration'),
    tls,
  };
  const signing = await signingKeys(config, access);
  const { signatures } = access;
  const tencent = { ...front, ...config.tencent, useCases: served, fetcher, keys: signing, signatures };
  const entrance = new Entrance(doorkeeper, admission);
  const http = await buildHttpServer({ ...port, entrance, useCases: served, version, tencent });
  const httpPort = await listen(http, bindAddress, config.httpPort);
  const ownPort = await tencentPort(port, tencent, bindAddress);
  grpc.setServing(true);
  const stopSweeping = startSweeper(store, SWEEP_INTERVAL_SECONDS, logger);
  return {
    grpcPort: grpc.port,
    httpPort,
    ...(ownPort === undefined ? {} : { tencentPort: ownPort.port }),
    leave,
    drain: async (limitMs) => {
      leave();
      openStreams.close();
      await Promise.all([
        drainFronts(grpc, ownPort === undefined ? [http] : [http, ownPort.server], limitMs),
        jobs.drain(limitMs),
      ]);
      load.stop();
      endLoadMetrics();
      client.close();
      library?.close();
      access.close();
      stopSweeping();
      await fetcher.close();
      tls?.close();
    },
  };
}

/** Throws CONFIGURATION_INVALID where other machines could reach us in plain text. */
function frontTls({ config, logger }: Runtime, { tls }: GatewayConfig): Promise<ReloadingTls | undefined> {
  const { bindAddress, plaintextAllowed } = config;
  requireEncryption('the gateway', 'MIEN_TLS_CERT_FILE and MIEN_TLS_KEY_FILE', {
    bindAddress,
    plaintextAllowed,
    encrypted: tls !== undefined,
  });
  return openTls(tls, config, logger);
}

function libraryOf({ internalTls }: Runtime, config: GatewayConfig): LibraryClient | undefined {
  return config.libraryAddress === undefined
    ? undefined
    : new LibraryClient({
        address: config.libraryAddress,
        connectTimeoutMs: LIBRARY_CONNECT_TIMEOUT_MS,
        credentials: internalTls === undefined ? undefined : grpcChannelCredentials(internalTls),
        serverName: config.libraryTlsName,
      });
}

/** What requests to the Tencent endpoint may be signed with; undefined where nobody is asked for a key. */
async function signingKeys(
  { access: { auth }, tencent }: GatewayConfig,
  { ring, limits }: { readonly ring: KeyRing; readonly limits: RateLimits },
): Promise<SigningKeys | undefined> {
  const filed = tencent.keysFile === undefined ? [] : [await readKeyFile(tencent.keysFile)];
  const sources = auth === 'keys' ? [...filed, mienSigningKeys(ring, limits)] : filed;
  return sources.length === 0 ? undefined : allOf(sources);
}

/** The Tencent endpoint, where it is to have a port of its own. */
async function tencentPort(
  port: PortOptions,
  tencent: TencentOptions,
  host: string,
): Promise<{ server: FastifyInstance; port: number } | undefined> {
  if (typeof tencent.port !== 'number') {
    return undefined;
  }
  const server = await buildTencentServer(port, tencent);
  return { server, port: await listen(server, host, tencent.port) };
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

/**
 * No new connections; those there are end when what is under way on them is answered, or after the limit. A request that
 * crosses with the goodbye is answered as any other.
 */
async function drainFronts(
  grpc: GrpcServer,
  https: readonly FastifyInstance[],
  limitMs: number,
): Promise<void> {
  const limit = setTimeout(() => {
    for (const { server } of https) {
      server.closeAllConnections();
    }
  }, limitMs);
  await Promise.all([grpc.drain(limitMs), ...https.map((http) => http.close())]);
  clearTimeout(limit);
}
