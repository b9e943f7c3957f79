import { AUDIT_STREAM, auditSubject, type Bus, onBus } from '@mien/bus';
import { type AuditFilter, AuditRecord } from '@mien/proto';
import { placeAt, recordsBetween } from './audit-reader';

/** A record before it has its place and time. */
export type NewAuditRecord = Omit<AuditRecord, 'sequence' | 'at'>;

export interface AuditQuery {
  readonly filter: AuditFilter | undefined;
  readonly size: number;
  /** Records before this place; from the newest when undefined. */
  readonly before: number | undefined;
}

interface AuditPage {
  /** Newest first. Of a trail in which few records fit, a page may be short and not the last. */
  readonly records: AuditRecord[];
  /** Where the next page begins; undefined at the end. */
  readonly before: number | undefined;
}

/** Records that are looked at for one page. */
const MOST_LOOKED_AT = 200_000;
const FIRST_SPAN = 1_000;
const LONGEST_SPAN = 50_000;
/** How far the gateways' clocks, which records go by, may be from the server's, by which they are found. */
const CLOCKS_MS = 60_000;
/** Of nobody: who asks without a key is not written down, but the local operator is. */
const SUBJECT_TOKEN = /^[\w-]{1,128}$/;

/**
 * Who did what, in an order that nobody can change. Every method throws BUS_UNAVAILABLE when JetStream does not answer.
 */
export class AuditTrail {
  constructor(private readonly bus: Bus) {}

  /** Resolves when the record is kept. */
  async append(record: NewAuditRecord): Promise<void> {
    const whole = AuditRecord.fromPartial({ ...record, at: new Date() });
    await onBus(() => this.bus.js.publish(subjectOf(record.keyId), AuditRecord.encode(whole).finish()));
  }

  /** Looks backwards until the page is full, in spans that grow while little fits. */
  async list({ filter, size, before }: AuditQuery): Promise<AuditPage> {
    return onBus(async () => {
      const { first, last } = await this.places(filter);
      const fits = fitter(filter);
      const records: AuditRecord[] = [];
      let to = Math.min(last, (before ?? last + 1) - 1);
      const stop = Math.max(first, to - MOST_LOOKED_AT + 1);
      for (
        let span = FIRST_SPAN;
        to >= stop && records.length < size;
        span = Math.min(2 * span, LONGEST_SPAN)
      ) {
        const from = Math.max(stop, to - span + 1);
        const found: AuditRecord[] = [];
        for await (const record of recordsBetween(this.bus, { from, to, subject: subjectIn(filter) })) {
          if (fits(record)) {
            found.push(record);
          }
        }
        records.push(...found.reverse());
        to = from - 1;
      }
      const page = records.slice(0, size);
      const end = records.length > size ? (page.at(-1)?.sequence ?? to + 1) : to + 1;
      return { records: page, before: end > first ? end : undefined };
    });
  }

  /** All that fit and are there now, oldest first. */
  async *export(filter: AuditFilter | undefined): AsyncGenerator<AuditRecord, void, void> {
    const { first, last } = await onBus(() => this.places(filter));
    const fits = fitter(filter);
    const span = { from: first, to: last, subject: subjectIn(filter) };
    for await (const record of recordsBetween(this.bus, span)) {
      if (fits(record)) {
        yield record;
      }
    }
  }

  private async places(filter: AuditFilter | undefined): Promise<{ first: number; last: number }> {
    const { state } = await this.bus.jsm.streams.info(AUDIT_STREAM);
    const first = filter?.from === undefined ? 1 : await placeAt(this.bus, shifted(filter.from, -CLOCKS_MS));
    const last =
      filter?.before === undefined
        ? state.last_seq
        : (await placeAt(this.bus, shifted(filter.before, CLOCKS_MS))) - 1;
    return { first: Math.max(first, state.first_seq), last: Math.min(last, state.last_seq) };
  }
}

function fitter(filter: AuditFilter | undefined): (record: AuditRecord) => boolean {
  const { keyId = '', personId = '', groupId = '', method = '' } = filter ?? {};
  const from = filter?.from?.getTime() ?? Number.NEGATIVE_INFINITY;
  const before = filter?.before?.getTime() ?? Number.POSITIVE_INFINITY;
  return (record) =>
    isBetween(record.at?.getTime() ?? 0, from, before) &&
    (keyId === '' || record.keyId === keyId) &&
    (personId === '' || record.personIds.includes(personId)) &&
    (groupId === '' || record.groupIds.includes(groupId)) &&
    (method === '' || record.method === method);
}

function isBetween(time: number, from: number, before: number): boolean {
  return time >= from && time < before;
}

function shifted(time: Date, milliseconds: number): Date {
  return new Date(time.getTime() + milliseconds);
}

function subjectIn(filter: AuditFilter | undefined): string | undefined {
  const keyId = filter?.keyId ?? '';
  return SUBJECT_TOKEN.test(keyId) ? subjectOf(keyId) : undefined;
}

/** Ids that no subject can hold, as key files may have them, lie together. */
function subjectOf(keyId: string): string {
  return auditSubject(SUBJECT_TOKEN.test(keyId) ? keyId : '-');
}
