import { z } from 'zod';
import { tlsFile, tlsFilesIn } from '../tls/tls-config';
import { objectStoreConfig, objectStoreVariables } from './object-store-config';
import { booleanVariable } from './variables';

const port = z.coerce.number().int().min(0).max(65_535);
const count = z.coerce.number().int().min(1);

/** How long a service that only looks waits for the streams, before it gives up and is started again. */
const PROVISIONED_WITHIN_MS = 60_000;

/** The settings that every service of Mien has. Units stand in the names. */
export const baseConfigSchema = z
  .object({
    /** One or more addresses, separated by commas. */
    MIEN_NATS_URL: z.string().default('nats://127.0.0.1:4222'),
    MIEN_NATS_CREDS_FILE: z.string().optional(),
    /** Holds the seed of an nkey, as `mien nats-permissions` writes one for each service. */
    MIEN_NATS_NKEY_FILE: z.string().optional(),
    MIEN_NATS_TOKEN: z.string().optional(),
    MIEN_NATS_USER: z.string().optional(),
    MIEN_NATS_PASSWORD: z.string().optional(),
    MIEN_NATS_TLS_CA_FILE: z.string().optional(),
    MIEN_NATS_TLS_CERT_FILE: z.string().optional(),
    MIEN_NATS_TLS_KEY_FILE: z.string().optional(),
    MIEN_STREAM_REPLICAS: count.max(5).default(1),
    /** Whether this service sets up streams that are missing, or only looks and waits for them. */
    MIEN_BUS_PROVISION: z.enum(['make', 'check']).default('make'),
    /** Holds the object store unless MinIO does; services on several machines need a shared one. */
    MIEN_DATA_DIR: z.string().default('.mien/data'),
    /** Who may reach this service: only this machine unless told otherwise. */
    MIEN_BIND_ADDRESS: z.string().default('127.0.0.1'),
    /** Certificates between services: each shows its own and takes only those of the authorities. */
    MIEN_INTERNAL_TLS_CERT_FILE: tlsFile,
    MIEN_INTERNAL_TLS_KEY_FILE: tlsFile,
    MIEN_INTERNAL_TLS_CA_FILE: tlsFile,
    /** How often certificates are read again, so that renewed ones need no restart. */
    MIEN_TLS_RELOAD_SECONDS: z.coerce.number().min(0.01).max(86_400).default(10),
    /** Other machines may be answered without TLS, as where a proxy in front of us ends it. */
    MIEN_PLAINTEXT_ALLOWED: booleanVariable.default(false),
    /** 0 takes any free port, which the log tells. */
    MIEN_GRPC_PORT: port.default(0),
    MIEN_OPS_PORT: port.default(0),
    MIEN_GRPC_MAX_MESSAGE_BYTES: count.default(67_108_864),
    MIEN_INFERENCE_THREADS: count.max(256).default(1),
    /** cuda: models run on an NVIDIA GPU, where the image brings onnxruntime's provider for it. */
    MIEN_INFERENCE_PROVIDER: z.enum(['cpu', 'cuda']).default('cpu'),
    /** Jobs of a stage worked on at once: two, so that one can be decoded while another is in the model. */
    MIEN_STAGE_CONCURRENCY: count.max(1_024).default(2),
    /** The manifest of the model pack. */
    MIEN_MODEL_PACK: z.string().default('.mien/models/default/manifest.json'),
    MIEN_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
    ...objectStoreVariables,
    /** Time for load balancers to learn that this service goes, before it stops taking what they send. */
    MIEN_DRAIN_DELAY_SECONDS: z.coerce.number().min(0).max(600).default(0),
    /** Below Kubernetes' grace period of 30 s. */
    MIEN_DRAIN_LIMIT_SECONDS: z.coerce.number().min(0).default(25),
    /** Spans are sent here (OTLP over gRPC) when set. */
    OTEL_EXPORTER_OTLP_ENDPOINT: z.string().optional(),
  })
  .transform((env, context) => ({
    nats: {
      servers: env.MIEN_NATS_URL.split(',').map((url) => url.trim()),
      credsFile: env.MIEN_NATS_CREDS_FILE,
      nkeyFile: env.MIEN_NATS_NKEY_FILE,
      token: env.MIEN_NATS_TOKEN,
      user: env.MIEN_NATS_USER,
      password: env.MIEN_NATS_PASSWORD,
      tls: tlsOf(env.MIEN_NATS_TLS_CA_FILE, env.MIEN_NATS_TLS_CERT_FILE, env.MIEN_NATS_TLS_KEY_FILE),
    },
    provision: {
      replicas: env.MIEN_STREAM_REPLICAS,
      mode: env.MIEN_BUS_PROVISION,
      waitMs: PROVISIONED_WITHIN_MS,
    },
    dataDir: env.MIEN_DATA_DIR,
    bindAddress: env.MIEN_BIND_ADDRESS,
    internalTls: tlsFilesIn(
      env,
      {
        cert: 'MIEN_INTERNAL_TLS_CERT_FILE',
        key: 'MIEN_INTERNAL_TLS_KEY_FILE',
        ca: 'MIEN_INTERNAL_TLS_CA_FILE',
        caNeeded: true,
      },
      (variable, message) => context.addIssue({ code: 'custom', path: [variable], message }),
    ),
    tlsReloadSeconds: env.MIEN_TLS_RELOAD_SECONDS,
    plaintextAllowed: env.MIEN_PLAINTEXT_ALLOWED,
    grpcPort: env.MIEN_GRPC_PORT,
    opsPort: env.MIEN_OPS_PORT,
    grpcMaxMessageBytes: env.MIEN_GRPC_MAX_MESSAGE_BYTES,
    inferenceThreads: env.MIEN_INFERENCE_THREADS,
    inferenceProvider: env.MIEN_INFERENCE_PROVIDER,
    stageConcurrency: env.MIEN_STAGE_CONCURRENCY,
    modelPack: env.MIEN_MODEL_PACK,
    logLevel: env.MIEN_LOG_LEVEL,
    blobRetentionSeconds: env.MIEN_BLOB_RETENTION_SECONDS,
    objectStore: objectStoreConfig(env, (variable) =>
      context.addIssue({
        code: 'custom',
        path: [variable],
        message: 'needed where MIEN_OBJECT_STORE is minio',
      }),
    ),
    drainDelaySeconds: env.MIEN_DRAIN_DELAY_SECONDS,
    drainLimitSeconds: env.MIEN_DRAIN_LIMIT_SECONDS,
    otlpEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
  }));

export type BaseConfig = z.infer<typeof baseConfigSchema>;

function tlsOf(caFile: string | undefined, certFile: string | undefined, keyFile: string | undefined) {
  if (caFile === undefined && certFile === undefined && keyFile === undefined) {
    return undefined;
  }
  return {
    ...(caFile === undefined ? {} : { caFile }),
    ...(certFile === undefined ? {} : { certFile }),
    ...(keyFile === undefined ? {} : { keyFile }),
  };
}
