import { randomUUID } from 'node:crypto';
import { type Bus, RULES_BUCKET } from '@mien/bus';
import { MienError } from '@mien/errors';
import { type KV, Kvm } from '@nats-io/kv';
import { isStoredId, limitReached, presentEntries, presentEntry } from './bucket';

/** Who is to be told of which sightings. */
export interface StoredRule {
  readonly id: string;
  readonly name: string;
  readonly groupIds: readonly string[];
  readonly strangers: boolean;
  readonly sources: readonly string[];
  readonly minimumScore: number;
  readonly quietSeconds: number;
  readonly endpointId: string;
  readonly createdAt: Date;
  /** The key that made it. */
  readonly keyId: string;
  /** The only groups that this key reaches; all when empty. */
  readonly reach: readonly string[];
}

/** Every sighting is held against every rule. */
const MAX_RULES = 1_000;

/** The rules of all keys. Whose they are is the caller's to check. */
export class RuleStore {
  private constructor(private readonly kv: KV) {}

  static async open(bus: Bus): Promise<RuleStore> {
    return new RuleStore(await new Kvm(bus.js).open(RULES_BUCKET));
  }

  /** Throws LIMIT_REACHED. */
  async create(wanted: Omit<StoredRule, 'id' | 'createdAt'>): Promise<StoredRule> {
    if ((await presentEntries(this.kv)).length >= MAX_RULES) {
      throw limitReached('rules', MAX_RULES);
    }
    const rule: StoredRule = { ...wanted, id: randomUUID(), createdAt: new Date() };
    await this.kv.create(rule.id, JSON.stringify(rule));
    return rule;
  }

  /** Oldest first. */
  async list(): Promise<StoredRule[]> {
    return (await presentEntries(this.kv))
      .map(({ value }) => decodeRule(value))
      .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
  }

  /** Throws RULE_NOT_FOUND. */
  async get(id: string): Promise<StoredRule> {
    const entry = isStoredId(id) ? await presentEntry(this.kv, id) : undefined;
    if (entry === undefined) {
      throw new MienError('RULE_NOT_FOUND', `there is no rule ${id}`);
    }
    return decodeRule(entry.value);
  }

  /** Throws RULE_NOT_FOUND. */
  async delete(id: string): Promise<void> {
    await this.get(id);
    await this.kv.delete(id);
  }
}

export function decodeRule(bytes: Uint8Array): StoredRule {
  const read = JSON.parse(Buffer.from(bytes).toString()) as Omit<StoredRule, 'createdAt'> & {
    createdAt: string;
  };
  return { ...read, createdAt: new Date(read.createdAt) };
}
