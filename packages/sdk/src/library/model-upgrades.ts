import { LibraryJobServiceService as Jobs, type ModelUpgrade } from '@mien/proto';
import type { Channel } from '../channel';
import { type ListSettings, pagesOf } from '../pages';
import { present } from '../present';
import type { CallSettings } from '../settings';

/** Giving the faces of groups templates of another embedding model, as jobs. */
export class MienModelUpgrades {
  constructor(private readonly channel: Channel) {}

  async start(groupId: string, toVersion: string, settings: CallSettings = {}): Promise<ModelUpgrade> {
    const request = { groupId, toVersion };
    return present((await this.channel.write(Jobs.startModelUpgrade, request, settings)).upgrade);
  }

  async get(id: string, settings: CallSettings = {}): Promise<ModelUpgrade> {
    return present((await this.channel.read(Jobs.getModelUpgrade, { id }, settings)).upgrade);
  }

  /** Newest first. */
  list(settings: ListSettings = {}): AsyncGenerator<ModelUpgrade, void, void> {
    return pagesOf(settings, async (page) => {
      const { upgrades, nextCursor } = await this.channel.read(Jobs.listModelUpgrades, { page }, settings);
      return { entries: upgrades, nextCursor };
    });
  }

  /** The group stays as it was. */
  async cancel(id: string, settings: CallSettings = {}): Promise<ModelUpgrade> {
    return present((await this.channel.write(Jobs.cancelModelUpgrade, { id }, settings)).upgrade);
  }

  /** Back to the version before. */
  async rollBack(id: string, settings: CallSettings = {}): Promise<ModelUpgrade> {
    return present((await this.channel.write(Jobs.rollBackModelUpgrade, { id }, settings)).upgrade);
  }
}
