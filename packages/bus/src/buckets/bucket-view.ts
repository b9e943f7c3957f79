import { type KV, Kvm, type KvWatchEntry } from '@nats-io/kv';
import type { Logger } from 'pino';
import type { Bus } from '../connection';

const RETRY_MS = 500;
/**
 * How often a view looks whether it has missed something. The client library notices by itself that its consumer is
 * gone, as with the node of a cluster that had it, but only after 15 to 90 seconds of missed heartbeats.
 */
const LOOK_MS = 1_000;

/** What a bucket holds, followed as it changes. */
export class BucketView<Value> {
  private readonly values = new Map<string, Value>();
  private readonly waiting = new Set<{ readonly revision: number; readonly done: () => void }>();
  private looking: NodeJS.Timeout | undefined;
  private revision = 0;
  /** Entries told by the server. */
  private told = 0;
  private lastLook = { newest: 0, told: 0 };
  private stopped = false;
  private stopWatch: () => void = () => undefined;

  private constructor(
    private readonly bus: Bus,
    private readonly bucket: string,
    private readonly kv: KV,
    private readonly decode: (key: string, bytes: Uint8Array) => Value,
    private readonly changed: (key: string, value: Value | undefined) => void,
    private readonly logger: Logger,
  ) {}

  /** Resolves when what the bucket holds now was told to `changed`. */
  static async open<Value>(
    parts: { readonly bus: Bus; readonly bucket: string; readonly logger: Logger },
    decode: (key: string, bytes: Uint8Array) => Value,
    changed: (key: string, value: Value | undefined) => void = () => undefined,
  ): Promise<BucketView<Value>> {
    const { bus, bucket, logger } = parts;
    const kv = await new Kvm(bus.js).open(bucket);
    const view = new BucketView(bus, bucket, kv, decode, changed, logger);
    const { state } = await bus.jsm.streams.info(`KV_${bucket}`);
    await view.watch();
    await view.reached(state.last_seq);
    view.looking = setInterval(() => void view.look(), LOOK_MS).unref();
    return view;
  }

  get all(): ReadonlyMap<string, Value> {
    return this.values;
  }

  /** Resolves when everything written before the call is seen here. */
  async upToDate(): Promise<void> {
    const { state } = await this.bus.jsm.streams.info(`KV_${this.bucket}`);
    await this.reached(state.last_seq);
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.looking);
    this.stopWatch();
  }

  /** Watches anew when what was there at the last look is still not seen, and nothing else has come since. */
  private async look(): Promise<void> {
    if (!this.bus.connected) {
      return;
    }
    try {
      const { state } = await this.bus.jsm.streams.info(`KV_${this.bucket}`);
      const { newest, told } = this.lastLook;
      this.lastLook = { newest: state.last_seq, told: this.told };
      if (this.revision < newest && this.told === told) {
        this.logger.warn({ bucket: this.bucket }, 'a bucket is followed anew: changes were missed');
        this.stopWatch();
      }
    } catch (error) {
      this.logger.debug({ err: error, bucket: this.bucket }, 'a bucket could not be looked at');
    }
  }

  private reached(revision: number): Promise<void> {
    if (this.revision >= revision) {
      return Promise.resolve();
    }
    return new Promise((done) => this.waiting.add({ revision, done }));
  }

  private async watch(): Promise<void> {
    const entries = await this.kv.watch();
    this.stopWatch = () => entries.stop();
    void this.follow(entries);
  }

  private async follow(entries: AsyncIterable<KvWatchEntry>): Promise<void> {
    try {
      for await (const entry of entries) {
        this.take(entry);
      }
    } catch (error) {
      this.logger.error({ err: error, bucket: this.bucket }, 'a bucket could not be followed');
    }
    this.watchAgain();
  }

  private watchAgain(): void {
    if (this.stopped) {
      return;
    }
    const timer = setTimeout(() => void this.watch().catch(() => this.watchAgain()), RETRY_MS);
    timer.unref();
  }

  private take({ key, value, operation, revision }: KvWatchEntry): void {
    this.told += 1;
    const now = operation === 'PUT' ? this.readable(key, value) : undefined;
    if (now === undefined) {
      this.values.delete(key);
    } else {
      this.values.set(key, now);
    }
    this.changed(key, now);
    this.revision = Math.max(this.revision, revision);
    for (const waiter of this.waiting) {
      if (waiter.revision <= this.revision) {
        this.waiting.delete(waiter);
        waiter.done();
      }
    }
  }

  private readable(key: string, bytes: Uint8Array): Value | undefined {
    try {
      return this.decode(key, bytes);
    } catch (error) {
      this.logger.error({ err: error, bucket: this.bucket, key }, 'an entry of a bucket can not be read');
      return undefined;
    }
  }
}
