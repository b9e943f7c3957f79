import {
  type CallOptions,
  type ChannelCredentials,
  type ClientUnaryCall,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { fromServiceError } from '@mien/errors';
import {
  CheckLivenessRequest,
  type CheckLivenessResponse,
  CompareRequest,
  type CompareResponse,
  type DetectionOptions,
  DetectRequest,
  type DetectResponse,
  type FaceFeatures,
  type FaceSelection,
  FaceServiceClient,
  type Priority,
} from '@mien/proto';
import { type PhotoSource, toImage } from './photo';
import { withRetries } from './retry';

export interface ClientOptions {
  /** Credentials for the channel; without them it is not encrypted. */
  readonly credentials?: ChannelCredentials;
  /** For calls that set none. 30 s unless given. */
  readonly timeoutMs?: number;
  /** Further attempts when the service can't be reached. 2 unless given. */
  readonly retries?: number;
}

/** What every call takes. */
interface CallSettings {
  /** Time for the whole call, further attempts included. */
  readonly timeoutMs?: number;
  /** Gives the call up. */
  readonly signal?: AbortSignal;
  readonly priority?: Priority;
  /** Which faces are looked for. */
  readonly detection?: Partial<DetectionOptions>;
}

export interface DetectSettings extends CallSettings {
  /** What to compute for each face beyond its box. */
  readonly features?: Partial<FaceFeatures>;
}

export interface CompareSettings extends CallSettings {
  /** Which face of each photo counts; the largest unless given. */
  readonly selection?: FaceSelection;
  /** 0 no check .. 4 very high. */
  readonly qualityControl?: number;
}

export interface LivenessSettings extends CallSettings {
  /** 0..100, in place of the model's own. */
  readonly threshold?: number;
}

type UnaryMethod<Request, Response> = (
  request: Request,
  metadata: Metadata,
  options: Partial<CallOptions>,
  callback: (error: ServiceError | null, response: Response) => void,
) => ClientUnaryCall;

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRIES = 2;
const FIRST_RETRY_WAIT_MS = 100;
/** 120 faces with meshes and templates are about 3 MB; this leaves room. */
const MAX_RESPONSE_BYTES = 32 * 1024 * 1024;

/**
 * Mien's FaceService. Every call rejects with a MienError, whose `reason` tells what is wrong, or with the reason of
 * the signal that gave it up.
 */
export class MienClient {
  private readonly client: FaceServiceClient;
  private readonly timeoutMs: number;
  private readonly retries: number;

  /** @param address of a gateway's gRPC port, such as `127.0.0.1:50051`; connects when first called */
  constructor(address: string, options: ClientOptions = {}) {
    this.client = new FaceServiceClient(address, options.credentials ?? credentials.createInsecure(), {
      'grpc.max_receive_message_length': MAX_RESPONSE_BYTES,
    });
    this.timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.retries = options.retries ?? DEFAULT_RETRIES;
  }

  /** Every face in a photo, largest first, with the features asked for. No face is an empty answer. */
  async detect(photo: PhotoSource, settings: DetectSettings = {}): Promise<DetectResponse> {
    const { detection, features, priority } = settings;
    const request = DetectRequest.fromPartial({
      image: await toImage(photo),
      ...given({ detection, features, priority }),
    });
    return this.call(this.client.detect.bind(this.client), request, settings);
  }

  /** Whether two photos show the same person. An error of one photo has `photo`, a or b, in its metadata. */
  async compare(
    photoA: PhotoSource,
    photoB: PhotoSource,
    settings: CompareSettings = {},
  ): Promise<CompareResponse> {
    const { detection, priority, selection, qualityControl } = settings;
    const [imageA, imageB] = await Promise.all([toImage(photoA), toImage(photoB)]);
    const request = CompareRequest.fromPartial({
      imageA,
      imageB,
      ...given({ detection, priority, selection, qualityControl }),
    });
    return this.call(this.client.compare.bind(this.client), request, settings);
  }

  /** Whether the largest face of a photo is a live person. */
  async checkLiveness(photo: PhotoSource, settings: LivenessSettings = {}): Promise<CheckLivenessResponse> {
    const { detection, priority, threshold } = settings;
    const request = CheckLivenessRequest.fromPartial({
      image: await toImage(photo),
      ...given({ detection, priority, threshold }),
    });
    return this.call(this.client.checkLiveness.bind(this.client), request, settings);
  }

  /** Calls under way are finished; new ones fail. */
  close(): void {
    this.client.close();
  }

  private call<Request, Response>(
    method: UnaryMethod<Request, Response>,
    request: Request,
    { timeoutMs, signal }: CallSettings,
  ): Promise<Response> {
    const deadline = Date.now() + (timeoutMs ?? this.timeoutMs);
    const limits = { retries: this.retries, firstWaitMs: FIRST_RETRY_WAIT_MS, deadline, signal };
    return withRetries(() => callOnce(method, request, deadline, signal), limits);
  }
}

function callOnce<Request, Response>(
  method: UnaryMethod<Request, Response>,
  request: Request,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const call = method(request, new Metadata(), { deadline }, (error, response) => {
      signal?.removeEventListener('abort', onAbort);
      if (error === null) {
        resolve(response);
      } else {
        reject(signal?.aborted === true ? signal.reason : fromServiceError(error));
      }
    });
    const onAbort = () => call.cancel();
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** The fields that have a value: the generated types tell "not there" from undefined. */
function given<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };
}
