import {
  type ApiKey,
  CreateKeyRequest,
  type CreateKeyResponse,
  KeyServiceService as Keys,
  type Role,
  type RotateKeyResponse,
} from '@mien/proto';
import type { Channel } from './channel';
import { type ListSettings, pagesOf } from './pages';
import { present } from './present';
import { type CallSettings, given } from './settings';

export interface NewKey {
  /** 1 to 128 bytes. */
  readonly name: string;
  readonly role: Role;
  /** The only groups that the key reaches; all unless given. Not for admin keys. */
  readonly groupIds?: readonly string[];
  /** Requests a second in the long run; no limit unless given. */
  readonly requestsPerSecond?: number;
  /** Requests that may come at once; one second's unless given. */
  readonly burst?: number;
  /** Never unless given. */
  readonly expiresAt?: Date;
  /** For the Tencent endpoint: requests can be signed with it. */
  readonly signing?: boolean;
}

export interface RotateSettings extends CallSettings {
  /** How long the old secret is taken, too; not at all unless given, at most a week. */
  readonly graceSeconds?: number;
}

/** Who may call. For admin keys. */
export class MienKeys {
  constructor(private readonly channel: Channel) {}

  /** The answer's secret is the whole text that is sent with calls: it is told this once. */
  async create(key: NewKey, settings: CallSettings = {}): Promise<CreateKeyResponse> {
    const { name, role, groupIds, requestsPerSecond, burst, expiresAt, signing } = key;
    const request = CreateKeyRequest.fromPartial({
      name,
      role,
      ...given({ groupIds: groupIds && [...groupIds], requestsPerSecond, burst, expiresAt, signing }),
    });
    return await this.channel.write(Keys.createKey, request, settings);
  }

  async get(id: string, settings: CallSettings = {}): Promise<ApiKey> {
    return present((await this.channel.read(Keys.getKey, { id }, settings)).key);
  }

  /** Oldest first, revoked ones included. */
  list(settings: ListSettings = {}): AsyncGenerator<ApiKey, void, void> {
    return pagesOf(settings, async (page) => {
      const { keys, nextCursor } = await this.channel.read(Keys.listKeys, { page }, settings);
      return { entries: keys, nextCursor };
    });
  }

  /** A new secret, told this once. */
  rotate(id: string, settings: RotateSettings = {}): Promise<RotateKeyResponse> {
    const { graceSeconds = 0 } = settings;
    return this.channel.write(Keys.rotateKey, { id, graceSeconds }, settings);
  }

  /** The key is refused from now on. */
  async revoke(id: string, settings: CallSettings = {}): Promise<ApiKey> {
    return present((await this.channel.write(Keys.revokeKey, { id }, settings)).key);
  }
}
