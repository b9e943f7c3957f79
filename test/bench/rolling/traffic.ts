import { JobState, MienClient, MienError, type NewPerson } from '@mien/sdk';
import { Agent, request } from 'undici';

/** What became of one request. Moments as performance.now tells them. */
export interface Asked {
  readonly kind: string;
  readonly began: number;
  readonly ended: number;
  /** Undefined where it was answered as it should be. */
  readonly failure: string | undefined;
}

export interface TrafficOptions {
  /** host:port of gRPC, one connection each. */
  readonly grpc: readonly string[];
  readonly http: string;
  readonly groupId: string;
  /** A face each. */
  readonly photos: readonly Buffer[];
  /** With a face large enough to tell whether it is live. */
  readonly largePhoto: string;
  readonly callbackEndpointId: string;
}

type Ask = (turn: number) => Promise<unknown>;

const HTTP_CONNECTIONS = 4;
/** Between two requests of one client. */
const PAUSE_MS = 20;
const TIMEOUT_MS = 30_000;

/** Clients that ask one thing after the other, over gRPC and over HTTP connections that are kept. */
export class Traffic {
  readonly asked: Asked[] = [];
  readonly jobs: string[] = [];
  /** Attempts of the SDK after the first, by what the one before failed with. */
  readonly retried: string[] = [];
  private readonly agent = new Agent({ connections: HTTP_CONNECTIONS, pipelining: 1 });
  private readonly clients: readonly MienClient[];
  private readonly going: Promise<void>[] = [];
  private stopped = false;
  private persons = 0;

  constructor(private readonly options: TrafficOptions) {
    this.clients = options.grpc.map(
      (address) =>
        new MienClient(address, {
          timeoutMs: TIMEOUT_MS,
          onRetry: (error) => this.retried.push(reasonOf(error)),
        }),
    );
  }

  start(): void {
    for (const [place, client] of this.clients.entries()) {
      this.going.push(this.keepAsking('grpc', place, this.overGrpc(client)));
    }
    for (let place = 0; place < HTTP_CONNECTIONS; place += 1) {
      this.going.push(this.keepAsking('http', place, this.overHttp()));
    }
  }

  /** Resolves when the last request is answered. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.going);
  }

  async close(): Promise<void> {
    for (const client of this.clients) {
      client.close();
    }
    await this.agent.close();
  }

  private overGrpc(client: MienClient): Record<string, Ask> {
    const { groupId } = this.options;
    return {
      detect: (turn) => client.detect(this.photo(turn), { features: { attributes: true, landmarks: true } }),
      search: (turn) => client.library.search(this.photo(turn), [groupId]),
      compare: (turn) => client.compare(this.photo(turn), this.photo(turn + 1)),
      enrol: (turn) => client.library.createPerson(this.newPerson(), this.photo(turn)),
      liveness: () => client.checkLiveness(this.options.largePhoto),
      job: (turn) => this.runJob(client, turn),
      groups: async () => {
        for await (const _ of client.library.listGroups()) {
          // read to the end
        }
      },
    };
  }

  private overHttp(): Record<string, Ask> {
    const { groupId } = this.options;
    const image = (turn: number) => ({ content: this.photo(turn).toString('base64') });
    return {
      detect: (turn) => this.post('/v1/detect', { image: image(turn), features: { quality: true } }),
      search: (turn) => this.post('/v1/search', { image: image(turn), groupIds: [groupId] }),
      enrol: (turn) => this.post('/v1/persons', { ...this.newPerson(), image: image(turn) }),
    };
  }

  private newPerson(): NewPerson {
    this.persons += 1;
    const id = `person-${this.persons}`;
    return { groupId: this.options.groupId, id, name: id };
  }

  private photo(turn: number): Buffer {
    const { photos } = this.options;
    return photos[turn % photos.length] ?? Buffer.alloc(0);
  }

  /** Handed over and watched until it is done. */
  private async runJob(client: MienClient, turn: number): Promise<void> {
    const { callbackEndpointId } = this.options;
    const photos = [{ photo: this.photo(turn) }, { photo: this.photo(turn + 1) }];
    const { id } = await client.jobs.submit(photos, { detect: {} }, { callbackEndpointId });
    this.jobs.push(id);
    const { state, photosFailed } = await client.jobs.wait(id);
    if (state !== JobState.JOB_STATE_DONE || photosFailed > 0) {
      throw new Error(`job ${JobState[state]}, ${photosFailed} photos failed`);
    }
  }

  private async post(path: string, body: object): Promise<void> {
    const { statusCode, body: answer } = await request(`http://${this.options.http}${path}`, {
      method: 'POST',
      dispatcher: this.agent,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      headersTimeout: TIMEOUT_MS,
    });
    const told = await answer.text();
    if (statusCode !== 200) {
      throw new Error(`${statusCode} ${told.slice(0, 200)}`);
    }
  }

  private async keepAsking(over: string, place: number, asks: Record<string, Ask>): Promise<void> {
    const all = Object.entries(asks);
    for (let turn = place; !this.stopped; turn += 1) {
      const [kind, ask] = all[turn % all.length] ?? ['', async () => undefined];
      const began = performance.now();
      const failure = await ask(turn).then(() => undefined, reasonOf);
      this.asked.push({ kind: `${over} ${kind}`, began, ended: performance.now(), failure });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof MienError) {
    return `${error.reason}: ${error.message}`;
  }
  const { code, message } = error as { code?: string; message: string };
  return code === undefined ? message : `${code}: ${message}`;
}
