import { BinaryReader } from '@bufbuild/protobuf/wire';
import { Server, ServerCredentials } from '@grpc/grpc-js';

export interface ReceivedSpan {
  readonly service: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
}

const EXPORT = {
  path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  requestStream: false,
  responseStream: false,
  requestSerialize: (bytes: Buffer) => bytes,
  requestDeserialize: (bytes: Buffer) => bytes,
  responseSerialize: (bytes: Buffer) => bytes,
  responseDeserialize: (bytes: Buffer) => bytes,
} as const;

/** A collector as services see one: takes spans over OTLP/gRPC and keeps them. */
export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  private heard: () => void = () => undefined;

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async listen(): Promise<OtlpReceiver> {
    const server = new Server();
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    const receiver = new OtlpReceiver(server, `http://127.0.0.1:${port}`);
    server.addService(
      { export: EXPORT },
      {
        export: ({ request }: { request: Buffer }, answer: (error: null, response: Buffer) => void) => {
          receiver.spans.push(...spansIn(request));
          answer(null, Buffer.alloc(0));
          receiver.heard();
        },
      },
    );
    return receiver;
  }

  /** Waits until the spans are as wanted, or for so long. */
  async until(wanted: (spans: readonly ReceivedSpan[]) => boolean, limitMs: number): Promise<void> {
    const limit = setTimeout(() => this.heard(), limitMs);
    const end = Date.now() + limitMs;
    while (!wanted(this.spans) && Date.now() < end) {
      await new Promise<void>((resolve) => {
        this.heard = resolve;
      });
    }
    clearTimeout(limit);
  }

  /** Services that have a span in the trace. */
  servicesOf(traceId: string): ReadonlySet<string> {
    return new Set(this.spans.filter((span) => span.traceId === traceId).map(({ service }) => service));
  }

  close(): void {
    this.server.forceShutdown();
  }
}

/** https://github.com/open-telemetry/opentelemetry-proto: trace/v1/trace.proto */
function spansIn(request: Uint8Array): ReceivedSpan[] {
  return messages(request, 1).flatMap((resourceSpans) => {
    const [resource = EMPTY] = messages(resourceSpans, 1);
    const service = attributeOf(resource, 'service.name').replace(/^mien-/, '');
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => ({
        service,
        traceId: hex(messages(span, 1)[0]),
        spanId: hex(messages(span, 2)[0]),
        parentSpanId: hex(messages(span, 4)[0]),
        name: text(messages(span, 5)[0]),
      }));
  });
}

const EMPTY = new Uint8Array();
const LENGTH_DELIMITED = 2;

/** Every value of a field that has bytes: nested messages, texts, ids. */
function messages(bytes: Uint8Array, field: number): Uint8Array[] {
  const reader = new BinaryReader(bytes);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    if (number === field && type === LENGTH_DELIMITED) {
      found.push(reader.bytes());
    } else {
      reader.skip(type);
    }
  }
  return found;
}

function attributeOf(resource: Uint8Array, key: string): string {
  const attribute = messages(resource, 1).find((pair) => text(messages(pair, 1)[0]) === key);
  const [value = EMPTY] = attribute === undefined ? [] : messages(attribute, 2);
  return text(messages(value, 1)[0]);
}

function text(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? EMPTY).toString('utf8');
}

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? EMPTY).toString('hex');
}
