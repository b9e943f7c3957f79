import { randomUUID } from 'node:crypto';
import { type Bus, ENDPOINTS_BUCKET } from '@mien/bus';
import type { Cipher } from '@mien/encryption';
import { MienError } from '@mien/errors';
import { type KV, type KvEntry, Kvm } from '@nats-io/kv';
import { isLostRace, isStoredId, limitReached, presentEntries, presentEntry } from './bucket';
import { newSecret, type SigningSecret } from './signing';
import { decodeEndpoint, encodeEndpoint, type StoredEndpoint } from './stored-endpoint';

/** Each has a consumer of its own, and a place in every notifier. */
const MAX_ENDPOINTS = 1_000;
const OLD_SECRET_MS = 86_400_000;

/** The endpoints of all keys. Whose they are is the caller's to check. */
export class EndpointStore {
  private constructor(
    private readonly kv: KV,
    private readonly cipher: Cipher | undefined,
  ) {}

  static async open(bus: Bus, cipher: Cipher | undefined): Promise<EndpointStore> {
    return new EndpointStore(await new Kvm(bus.js).open(ENDPOINTS_BUCKET), cipher);
  }

  /** Throws LIMIT_REACHED. */
  async create(wanted: Pick<StoredEndpoint, 'url' | 'name' | 'keyId'>): Promise<StoredEndpoint> {
    if ((await presentEntries(this.kv)).length >= MAX_ENDPOINTS) {
      throw limitReached('endpoints', MAX_ENDPOINTS);
    }
    const endpoint: StoredEndpoint = {
      ...wanted,
      id: randomUUID(),
      createdAt: new Date(),
      secrets: [{ secret: newSecret() }],
    };
    await this.kv.create(endpoint.id, encodeEndpoint(endpoint, this.cipher));
    return endpoint;
  }

  /** Oldest first. */
  async list(): Promise<StoredEndpoint[]> {
    const entries = await presentEntries(this.kv);
    return entries
      .map((entry) => this.read(entry))
      .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1));
  }

  /** Throws ENDPOINT_NOT_FOUND. */
  async get(id: string): Promise<StoredEndpoint> {
    return this.read(await this.entry(id));
  }

  /** Signs with a new secret, and with the present one for another day. Throws ENDPOINT_NOT_FOUND. */
  async rotateSecret(id: string): Promise<string> {
    const entry = await this.entry(id);
    const endpoint = this.read(entry);
    const until = new Date(Date.now() + OLD_SECRET_MS).toISOString();
    const [current] = endpoint.secrets;
    const kept: SigningSecret[] = current === undefined ? [] : [{ secret: current.secret, until }];
    const secret = newSecret();
    const changed = { ...endpoint, secrets: [{ secret }, ...kept] };
    try {
      await this.kv.update(id, encodeEndpoint(changed, this.cipher), entry.revision);
    } catch (error) {
      if (isLostRace(error)) {
        throw new MienError('CONFLICT', 'the endpoint was changed meanwhile', { cause: error });
      }
      throw error;
    }
    return secret;
  }

  /** Throws ENDPOINT_NOT_FOUND. */
  async delete(id: string): Promise<void> {
    await this.entry(id);
    await this.kv.delete(id);
  }

  private async entry(id: string): Promise<KvEntry> {
    const entry = isStoredId(id) ? await presentEntry(this.kv, id) : undefined;
    if (entry === undefined) {
      throw new MienError('ENDPOINT_NOT_FOUND', `there is no endpoint ${id}`);
    }
    return entry;
  }

  private read({ value }: KvEntry): StoredEndpoint {
    return decodeEndpoint(value, this.cipher);
  }
}
