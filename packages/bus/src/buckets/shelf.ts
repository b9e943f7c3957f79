import { asMienError, MienError } from '@mien/errors';
import { JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { KV, KvEntry } from '@nats-io/kv';

/** What a message type can do for a bucket. */
interface Codec<Value> {
  encode(value: Value): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Value;
}

/** Lost races after which a change is given up: each means that somebody else got on. */
const MAX_RACES = 1_000;

/** One kind of message in a bucket. Every method throws BUS_UNAVAILABLE when JetStream does not answer. */
export class Shelf<Value> {
  constructor(
    private readonly kv: KV,
    private readonly codec: Codec<Value>,
  ) {}

  /** Undefined, too, for what can not be read: it hides no other value from a list. */
  async read(key: string): Promise<Value | undefined> {
    const entry = await this.entry(key);
    return entry && this.decoded(entry.value);
  }

  /** Whether there was nothing before; otherwise nothing is written. */
  async create(key: string, value: Value): Promise<boolean> {
    try {
      await this.kv.create(key, this.codec.encode(value).finish());
      return true;
    } catch (error) {
      if (isLostRace(error)) {
        return false;
      }
      throw unavailable(error);
    }
  }

  /**
   * Replaces a value by what `next` makes of it, by compare and set; `next` may be called again and may throw. Gives
   * the value as it is then; undefined from `next` leaves it alone. Throws RECORD_UNREADABLE, CONFLICT.
   */
  async change(
    key: string,
    next: (value: Value | undefined) => Value | undefined,
  ): Promise<Value | undefined> {
    for (let race = 0; race < MAX_RACES; race++) {
      const found = await this.find(key);
      const value = next(found?.value);
      if (value === undefined) {
        return found?.value;
      }
      if (await this.replace(key, value, found?.revision)) {
        return value;
      }
    }
    throw new MienError('CONFLICT', `${key} is changed all the time`);
  }

  async remove(key: string): Promise<void> {
    await onBus(() => this.kv.delete(key));
  }

  async keys(filter: string): Promise<string[]> {
    return onBus(async () => {
      const keys: string[] = [];
      for await (const key of await this.kv.keys(filter)) {
        keys.push(key);
      }
      return keys;
    });
  }

  private async find(key: string): Promise<{ value: Value; revision: number } | undefined> {
    const entry = await this.entry(key);
    if (entry === undefined) {
      return undefined;
    }
    const value = this.decoded(entry.value);
    if (value === undefined) {
      throw new MienError('RECORD_UNREADABLE', `what is kept under ${key} can not be read`);
    }
    return { value, revision: entry.revision };
  }

  private async entry(key: string): Promise<KvEntry | undefined> {
    const entry = await onBus(() => this.kv.get(key));
    return entry === null || entry.operation !== 'PUT' ? undefined : entry;
  }

  private decoded(bytes: Uint8Array): Value | undefined {
    try {
      return this.codec.decode(bytes);
    } catch {
      return undefined;
    }
  }

  private async replace(key: string, value: Value, revision: number | undefined): Promise<boolean> {
    if (revision === undefined) {
      return this.create(key, value);
    }
    try {
      await this.kv.update(key, this.codec.encode(value).finish(), revision);
      return true;
    } catch (error) {
      if (isLostRace(error)) {
        return false;
      }
      throw unavailable(error);
    }
  }
}

/** Runs what asks JetStream; whatever fails there is BUS_UNAVAILABLE. */
export async function onBus<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(error: unknown): MienError {
  return error instanceof MienError
    ? asMienError(error)
    : new MienError('BUS_UNAVAILABLE', 'JetStream does not answer', { cause: error });
}

function isLostRace(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamWrongLastSequence;
}
