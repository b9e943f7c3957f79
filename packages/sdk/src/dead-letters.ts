import {
  type DeadLetterKind,
  type DeadLetterRecord,
  DeadLetterServiceService as DeadLetters,
} from '@mien/proto';
import type { Channel } from './channel';
import { type ListSettings, pagesOf } from './pages';
import { present } from './present';
import type { CallSettings } from './settings';

export interface ListDeadLettersSettings extends ListSettings {
  /** All kinds when empty or not given. */
  readonly kinds?: readonly DeadLetterKind[];
}

/** What the platform gave up on. For admin keys. */
export class MienDeadLetters {
  constructor(private readonly channel: Channel) {}

  /** Newest first, without their detail. */
  list(settings: ListDeadLettersSettings = {}): AsyncGenerator<DeadLetterRecord, void, void> {
    const kinds = [...(settings.kinds ?? [])];
    return pagesOf(settings, async (page) => {
      const request = { page, kinds };
      const { letters, nextCursor } = await this.channel.read(DeadLetters.listDeadLetters, request, settings);
      return { entries: letters, nextCursor };
    });
  }

  async get(id: string, settings: CallSettings = {}): Promise<DeadLetterRecord> {
    return present((await this.channel.read(DeadLetters.getDeadLetter, { id }, settings)).letter);
  }

  /** Puts it back to where it died, and takes it off the list. */
  async redrive(id: string, settings: CallSettings = {}): Promise<void> {
    await this.channel.write(DeadLetters.redriveDeadLetter, { id }, settings);
  }
}
