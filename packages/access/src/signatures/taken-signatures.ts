import { createHash } from 'node:crypto';
import { type Bus, Shelf, SIGNATURES_BUCKET } from '@mien/bus';
import { MienError } from '@mien/errors';
import { Kvm } from '@nats-io/kv';

/** A signature made on a clock that is five minutes fast stays good for ten; clocks of gateways may differ by one more. */
export const REMEMBER_MS = 11 * 60_000;
/** Requests of the same second reach us within it. */
const ANEW_MS = 5_000;

/** A signature that came with a request. */
interface GivenSignature {
  /** With whatever tells whose it is. */
  readonly signature: string;
  /** Another one for each request that is sent anew; empty where the client sends none. */
  readonly trace: string;
  /** For so long after the first time the signature is taken again whatever the trace; 0 is strict. */
  readonly lenientMs: number;
}

/** When a signature was first taken, and with which trace. */
interface Taking {
  /** Milliseconds, by the clock of the gateway that took it. */
  readonly at: number;
  /** Hashed, so that it is short and nothing but one word; empty for none. */
  readonly trace: string;
}

const TAKINGS = {
  encode: ({ at, trace }: Taking) => ({ finish: () => Buffer.from(`${at} ${trace}`) }),
  decode: (bytes: Uint8Array): Taking => {
    const [, at, trace = ''] = /^(\d+) ([\da-f]*)$/.exec(Buffer.from(bytes).toString()) ?? [];
    if (at === undefined) {
      throw new MienError('RECORD_UNREADABLE', 'no taking of a signature');
    }
    return { at: Number(at), trace };
  },
};

/** Takes every signature once, whichever gateway it is shown to: who copied a request can't send it again. */
export class TakenSignatures {
  private constructor(
    private readonly bus: Bus,
    private readonly shelf: Shelf<Taking>,
  ) {}

  /** After provisionAccess. */
  static async open(bus: Bus): Promise<TakenSignatures> {
    return new TakenSignatures(bus, new Shelf(await new Kvm(bus.js).open(SIGNATURES_BUCKET), TAKINGS));
  }

  /**
   * Whether the signature may be taken, which this does. The same one is taken again within five seconds when its trace
   * tells that it was sent anew: signed timestamps are whole seconds, so that equal requests have equal signatures. Throws
   * BUS_UNAVAILABLE: what can't be written down is not taken.
   */
  async take({ signature, trace, lenientMs }: GivenSignature): Promise<boolean> {
    if (!this.bus.connected) {
      throw new MienError('BUS_UNAVAILABLE', 'whether a signature was taken before can not be told');
    }
    const key = hashOf(signature);
    const taking = { at: Date.now(), trace: trace === '' ? '' : hashOf(trace) };
    if (await this.shelf.create(key, taking)) {
      return true;
    }
    const first = await this.shelf.read(key);
    if (first === undefined) {
      return false;
    }
    const age = taking.at - first.at;
    if (lenientMs > 0 && age <= lenientMs) {
      return true;
    }
    return (
      age <= ANEW_MS &&
      taking.trace !== '' &&
      first.trace !== '' &&
      taking.trace !== first.trace &&
      this.shelf.create(`${key}.${taking.trace}`, taking)
    );
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
