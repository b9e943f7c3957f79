import * as http from 'node:http';
import * as https from 'node:https';
import { MienError } from '@mien/errors';
import { Client } from 'minio';
import { BlobCodec, type BlobEncryption } from '../blob-codec';
import { ContentStore } from '../content-store';
import { boundedTransport } from './bounded-transport';
import { Bucket } from './bucket';
import { openBucket } from './open-bucket';
import { S3Backend } from './s3-backend';

export interface MinioOptions {
  /** `http://minio:9000`, or https. */
  readonly endpoint: string;
  /** Made when missing, with access for its owner only. */
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** `us-east-1` unless given, as MinIO calls its own. */
  readonly region?: string;
  /** For each request, the answer's last byte included. 10 s unless given. */
  readonly timeoutMs?: number;
  /** See LocalDiskOptions. */
  readonly memoryBytes?: number;
  /** Encrypts what is sent there. */
  readonly encryption?: BlobEncryption;
}

const TIMEOUT_MS = 10_000;
/** Who asks whether a service is ready waits for a second or a few. */
const PROBE_TIMEOUT_MS = 2_000;
const CONNECTIONS = 64;
/** Up to this size, which no blob comes near, an object is sent in one piece: it is there as a whole or not at all. */
const ONE_PIECE_BYTES = 5 * 1024 ** 3;

/** An object store in a bucket of MinIO or of another server that speaks S3. */
export class MinioStore extends ContentStore {
  /**
   * Throws CONFIGURATION_INVALID for a wrong endpoint or bucket or when the server refuses the keys,
   * OBJECT_STORE_UNAVAILABLE when it does not answer.
   */
  static async open(options: MinioOptions): Promise<MinioStore> {
    const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    const client = clientOf(options, timeoutMs);
    await openBucket(client, options.bucket);
    const impatient = clientOf(options, Math.min(timeoutMs, PROBE_TIMEOUT_MS));
    return new MinioStore({
      backend: new S3Backend(new Bucket(client, options.bucket), new Bucket(impatient, options.bucket)),
      codec: new BlobCodec(options.encryption),
      durable: true,
      memoryBytes: options.memoryBytes ?? 0,
    });
  }
}

function clientOf(options: MinioOptions, timeoutMs: number): Client {
  try {
    return newClient(options, timeoutMs);
  } catch (error) {
    throw new MienError(
      'CONFIGURATION_INVALID',
      "the object store's endpoint is not the address of a server",
      {
        cause: error,
      },
    );
  }
}

function newClient(options: MinioOptions, timeoutMs: number): Client {
  const { protocol, hostname, port } = endpointOf(options.endpoint);
  const secure = protocol === 'https:';
  const agent = { keepAlive: true, maxSockets: CONNECTIONS };
  return new Client({
    endPoint: hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    useSSL: secure,
    accessKey: options.accessKey,
    secretKey: options.secretKey,
    region: options.region ?? 'us-east-1',
    pathStyle: true,
    partSize: ONE_PIECE_BYTES,
    transport: boundedTransport(secure, timeoutMs),
    transportAgent: secure ? new https.Agent(agent) : new http.Agent(agent),
    // It repeats on its own, with waits and a line on the console; who calls us does that with more sense.
    retryOptions: { disableRetry: true },
  });
}

function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.username !== '') {
    throw new Error('no http or https address without path and user');
  }
  return url;
}
