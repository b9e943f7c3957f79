import { parseEncryptionKeys } from '@mien/encryption';
import { MienError } from '@mien/errors';
import type { BlobEncryption, MinioOptions } from '@mien/stores';
import { z } from 'zod';
import { booleanVariable } from './variables';

const count = z.coerce.number().int().min(1);

/** Where photos and crops are kept, and the keys that they and the library's templates are encrypted with. */
export const objectStoreVariables = {
  MIEN_OBJECT_STORE: z.enum(['disk', 'minio']).default('disk'),
  /** How long photos and crops of the work in progress are kept: longer than any deadline. */
  MIEN_BLOB_RETENTION_SECONDS: count.default(900),
  /** Flush every blob to the disk; the bus does not do that for its messages either. */
  MIEN_BLOB_FSYNC: booleanVariable.default(false),
  /** Memory for the newest blobs that this process put: spares reading them back where stages share a process. */
  MIEN_BLOB_MEMORY_BYTES: z.coerce.number().int().min(0).default(33_554_432),
  MIEN_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  MIEN_S3_BUCKET: z.string().default('mien'),
  MIEN_S3_ACCESS_KEY: z.string().optional(),
  MIEN_S3_SECRET_KEY: z.string().optional(),
  MIEN_S3_REGION: z.string().default('us-east-1'),
  MIEN_S3_TIMEOUT_MS: count.default(10_000),
  /** Base64 of 32 bytes each, separated by commas: the first for what is written, the others for what was. */
  MIEN_ENCRYPTION_KEYS: z.string().transform(cipherOf).optional(),
  MIEN_ENCRYPTION_READ_PLAIN: booleanVariable.default(false),
};

type ObjectStoreVariables = z.infer<z.ZodObject<typeof objectStoreVariables>>;

export interface ObjectStoreConfig {
  /** The folder of the data unless given. */
  readonly minio: Omit<MinioOptions, 'memoryBytes' | 'encryption'> | undefined;
  readonly encryption: BlobEncryption | undefined;
  readonly fsync: boolean;
  readonly memoryBytes: number;
}

/** The settings in their own words; what is missing for MinIO is told to `missing`, variable by variable. */
export function objectStoreConfig(
  env: ObjectStoreVariables,
  missing: (variable: string) => void,
): ObjectStoreConfig {
  return {
    minio: env.MIEN_OBJECT_STORE === 'minio' ? minioOf(env, missing) : undefined,
    encryption:
      env.MIEN_ENCRYPTION_KEYS === undefined
        ? undefined
        : { cipher: env.MIEN_ENCRYPTION_KEYS, readPlain: env.MIEN_ENCRYPTION_READ_PLAIN },
    fsync: env.MIEN_BLOB_FSYNC,
    memoryBytes: env.MIEN_BLOB_MEMORY_BYTES,
  };
}

function minioOf(env: ObjectStoreVariables, missing: (variable: string) => void): ObjectStoreConfig['minio'] {
  const required = (variable: 'MIEN_S3_ENDPOINT' | 'MIEN_S3_ACCESS_KEY' | 'MIEN_S3_SECRET_KEY') => {
    const value = env[variable];
    if (value === undefined) {
      missing(variable);
    }
    return value ?? '';
  };
  return {
    endpoint: required('MIEN_S3_ENDPOINT'),
    bucket: env.MIEN_S3_BUCKET,
    accessKey: required('MIEN_S3_ACCESS_KEY'),
    secretKey: required('MIEN_S3_SECRET_KEY'),
    region: env.MIEN_S3_REGION,
    timeoutMs: env.MIEN_S3_TIMEOUT_MS,
  };
}

function cipherOf(text: string, context: z.RefinementCtx) {
  try {
    return parseEncryptionKeys(text);
  } catch (error) {
    const message = error instanceof MienError ? error.message : 'not keys';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
}
