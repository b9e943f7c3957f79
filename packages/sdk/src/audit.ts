import { AuditServiceService as Audit, AuditFilter, type AuditRecord } from '@mien/proto';
import type { Channel } from './channel';
import { type ListSettings, pagesOf } from './pages';
import { present } from './present';
import { reconnecting } from './reconnecting';
import { type CallSettings, given } from './settings';

/** Which records; all that fit every part that is given. */
export interface AuditSelection {
  readonly from?: Date;
  /** Before this time. */
  readonly before?: Date;
  readonly keyId?: string;
  readonly personId?: string;
  readonly groupId?: string;
  /** A method's full name, such as mien.v1.LibraryService/Search. */
  readonly method?: string;
}

export interface ExportSettings extends CallSettings {
  /** How long nobody may answer before it is given up; a minute unless given. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 60_000;

/** Who did what to whom, and when. For admin keys. */
export class MienAudit {
  constructor(private readonly channel: Channel) {}

  /** Newest first. */
  list(selection: AuditSelection = {}, settings: ListSettings = {}): AsyncGenerator<AuditRecord, void, void> {
    const filter = AuditFilter.fromPartial(given(selection));
    return pagesOf(settings, async (page) => {
      const request = { filter, page };
      const { records, nextCursor } = await this.channel.read(Audit.listAuditRecords, request, settings);
      return { entries: records, nextCursor };
    });
  }

  /** Oldest first, all that fit. A lost connection is made again, and the export goes on behind the last record. */
  async *export(
    selection: AuditSelection = {},
    settings: ExportSettings = {},
  ): AsyncGenerator<AuditRecord, void, void> {
    const { patienceMs = PATIENCE_MS, timeoutMs, signal } = settings;
    const deadline = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;
    let last: AuditRecord | undefined;
    const open = () => {
      const rest = { ...selection, ...given({ from: last?.at ?? selection.from }) };
      return this.exportOnce(rest, deadline, signal);
    };
    for await (const record of reconnecting(open, { patienceMs, signal })) {
      if (record.sequence > (last?.sequence ?? 0)) {
        last = record;
        yield record;
      }
    }
  }

  private async *exportOnce(
    selection: AuditSelection,
    deadline: number | undefined,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<AuditRecord, void, void> {
    const filter = AuditFilter.fromPartial(given(selection));
    const limits = { deadline, signal };
    for await (const { record } of this.channel.follow(Audit.exportAuditRecords, { filter }, limits)) {
      yield present(record);
    }
  }
}
