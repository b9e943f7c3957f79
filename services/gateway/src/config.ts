import { networksVariable } from '@mien/outbound';
import { tlsFile, tlsFilesIn } from '@mien/service';
import { z } from 'zod';
import { accessConfig, accessSettings } from './access/config';
import { tencentConfig, tencentSettings } from './tencent/config';

const port = z.coerce.number().int().min(0).max(65_535);
const milliseconds = z.coerce.number().int().min(1);

/** One attempt at a photo of a job, fetched, held back and waiting for its stages: then it is tried again. */
const PHOTO_OF_JOB_MS = 120_000;

/** The settings that only the gateway has, beside those of every service. */
export const gatewayConfigSchema = z
  .object({
    /** 0 takes any free port, which the log tells. */
    MIEN_GATEWAY_GRPC_PORT: port.default(50_051),
    MIEN_GATEWAY_HTTP_PORT: port.default(8_080),
    /** Requests worked on at once; each may hold 20 MiB of photos, or 64 MiB where it adds faces. */
    MIEN_GATEWAY_MAX_IN_FLIGHT: z.coerce.number().int().min(1).default(128),
    /** Answers of many messages, such as those of WatchJob, that are open at once. */
    MIEN_GATEWAY_MAX_STREAMS: z.coerce.number().int().min(1).default(1_000),
    /** Of them, those of one key. */
    MIEN_GATEWAY_MAX_STREAMS_PER_KEY: z.coerce.number().int().min(1).default(100),
    /** Batch requests that may wait at a stage; more are refused. */
    MIEN_GATEWAY_BATCH_MAX_WAITING: z.coerce.number().int().min(1).default(1_000),
    /** How long they may have to wait there. */
    MIEN_GATEWAY_BATCH_MAX_WAIT_MS: milliseconds.default(60_000),
    /** When interactive requests have to wait longer, no batch request is taken. */
    MIEN_GATEWAY_INTERACTIVE_WAIT_MS: milliseconds.default(1_000),
    /** How long jobs, their photos and their results are kept; longer than any job may take. */
    MIEN_JOB_RETENTION_HOURS: z.coerce.number().int().min(25).max(8_760).default(72),
    /** Photos of jobs that this gateway has under way. */
    MIEN_JOB_CONCURRENCY: z.coerce.number().int().min(1).max(256).default(4),
    /** Photos of jobs that may wait, of all keys together; further jobs are refused. */
    MIEN_JOB_MAX_WAITING_PHOTOS: z.coerce.number().int().min(1).default(500_000),
    /** How long the oldest of them may have waited. */
    MIEN_JOB_MAX_WAIT_SECONDS: z.coerce.number().int().min(1).default(43_200),
    /** For requests without a deadline of their own. */
    MIEN_GATEWAY_DEFAULT_TIMEOUT_MS: milliseconds.default(30_000),
    /** Longer deadlines are cut down to it. Stored photos must outlive it, so it has a bound. */
    MIEN_GATEWAY_MAX_TIMEOUT_MS: milliseconds.max(600_000).default(300_000),
    /** host:port of the library's gRPC; without it there are no groups and persons. */
    MIEN_LIBRARY_ADDRESS: z
      .string()
      .regex(/^\S+:\d{1,5}$/, 'an address such as 127.0.0.1:50052')
      .optional(),
    /** The name in the library's certificate, where it is another than that of the address. */
    MIEN_LIBRARY_TLS_NAME: z.string().optional(),
    /** Certificate and key of the front door, gRPC and HTTP: TLS when they are set. */
    MIEN_TLS_CERT_FILE: tlsFile,
    MIEN_TLS_KEY_FILE: tlsFile,
    /** Authorities of callers' certificates: who shows none of theirs is not let in. */
    MIEN_TLS_CLIENT_CA_FILE: tlsFile,
    /** Networks of image servers of one's own, such as 10.1.0.0/16,fd00:1::/64: urls may lead there too. */
    MIEN_URL_ALLOWED_NETWORKS: networksVariable,
    /** Networks of receivers of one's own, such as 10.1.0.0/16,fd00:1::/64: callbacks may go there, too. */
    MIEN_CALLBACK_ALLOWED_NETWORKS: networksVariable,
    /** For fetching one photo, redirects included. */
    MIEN_URL_TIMEOUT_MS: milliseconds.default(10_000),
    ...accessSettings,
    ...tencentSettings,
  })
  .transform((env, context) => ({
    grpcPort: env.MIEN_GATEWAY_GRPC_PORT,
    httpPort: env.MIEN_GATEWAY_HTTP_PORT,
    maxInFlight: env.MIEN_GATEWAY_MAX_IN_FLIGHT,
    openStreams: {
      maximum: env.MIEN_GATEWAY_MAX_STREAMS,
      maximumPerOwner: env.MIEN_GATEWAY_MAX_STREAMS_PER_KEY,
    },
    load: {
      batchMaxWaiting: env.MIEN_GATEWAY_BATCH_MAX_WAITING,
      batchMaxWaitMs: env.MIEN_GATEWAY_BATCH_MAX_WAIT_MS,
      interactiveWaitMs: env.MIEN_GATEWAY_INTERACTIVE_WAIT_MS,
      longestMs: env.MIEN_GATEWAY_MAX_TIMEOUT_MS,
    },
    jobs: {
      retentionSeconds: env.MIEN_JOB_RETENTION_HOURS * 3_600,
      concurrency: env.MIEN_JOB_CONCURRENCY,
      photoMs: Math.min(PHOTO_OF_JOB_MS, env.MIEN_GATEWAY_MAX_TIMEOUT_MS),
      backlog: {
        maxWaitingPhotos: env.MIEN_JOB_MAX_WAITING_PHOTOS,
        maxWaitMs: env.MIEN_JOB_MAX_WAIT_SECONDS * 1_000,
      },
    },
    timeouts: {
      defaultMs: Math.min(env.MIEN_GATEWAY_DEFAULT_TIMEOUT_MS, env.MIEN_GATEWAY_MAX_TIMEOUT_MS),
      maximumMs: env.MIEN_GATEWAY_MAX_TIMEOUT_MS,
    },
    libraryAddress: env.MIEN_LIBRARY_ADDRESS,
    libraryTlsName: env.MIEN_LIBRARY_TLS_NAME,
    tls: tlsFilesIn(
      env,
      {
        cert: 'MIEN_TLS_CERT_FILE',
        key: 'MIEN_TLS_KEY_FILE',
        ca: 'MIEN_TLS_CLIENT_CA_FILE',
        caNeeded: false,
      },
      (variable, message) => context.addIssue({ code: 'custom', path: [variable], message }),
    ),
    urlAllowedNetworks: env.MIEN_URL_ALLOWED_NETWORKS,
    callbackAllowedNetworks: env.MIEN_CALLBACK_ALLOWED_NETWORKS,
    urlTimeoutMs: env.MIEN_URL_TIMEOUT_MS,
    access: accessConfig(env),
    tencent: tencentConfig(env),
  }));

export type GatewayConfig = z.infer<typeof gatewayConfigSchema>;
