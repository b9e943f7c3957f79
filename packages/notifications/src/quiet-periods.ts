import { createHash } from 'node:crypto';
import { type Bus, QUIET_BUCKET } from '@mien/bus';
import { type KV, Kvm } from '@nats-io/kv';
import { isLostRace, presentEntry } from './bucket';

/** Whom a quiet period is about: a person at a source, or the strangers there. */
export interface Sighting {
  readonly eventId: string;
  readonly at: Date;
  /** Unset for a stranger. */
  readonly personId?: string | undefined;
  readonly source: string;
}

interface Period {
  readonly eventId: string;
  readonly until: string;
}

/** Who was told of lately. Any number of notifiers agree on it. */
export class QuietPeriods {
  private constructor(private readonly kv: KV) {}

  static async open(bus: Bus): Promise<QuietPeriods> {
    return new QuietPeriods(await new Kvm(bus.js).open(QUIET_BUCKET));
  }

  /**
   * Whether this sighting is to be told of: when it is, a quiet period begins with it. The same sighting asked for
   * again gets the same answer.
   */
  async begins(ruleId: string, quietSeconds: number, sighting: Sighting): Promise<boolean> {
    if (quietSeconds === 0) {
      return true;
    }
    const key = `${ruleId}.${nameOf(sighting)}`;
    const until = new Date(sighting.at.getTime() + quietSeconds * 1_000).toISOString();
    const period = JSON.stringify({ eventId: sighting.eventId, until } satisfies Period);
    for (;;) {
      const entry = await presentEntry(this.kv, key);
      if (entry !== undefined) {
        const present = entry.json<Period>();
        if (present.eventId === sighting.eventId) {
          return true;
        }
        if (Date.parse(present.until) > sighting.at.getTime()) {
          return false;
        }
      }
      if (await this.write(key, period, entry?.revision)) {
        return true;
      }
    }
  }

  /** Whether nobody else was first. */
  private async write(key: string, period: string, revision: number | undefined): Promise<boolean> {
    try {
      await (revision === undefined ? this.kv.create(key, period) : this.kv.update(key, period, revision));
      return true;
    } catch (error) {
      if (isLostRace(error)) {
        return false;
      }
      throw error;
    }
  }
}

/** Names of persons and sources may hold anything; a key may not. */
function nameOf({ personId, source }: Sighting): string {
  return createHash('sha256')
    .update(JSON.stringify([personId ?? null, source]))
    .digest('hex');
}
