import type { AuditRecord } from '@mien/sdk';
import { momentText } from './moment';
import { textTable } from './table';

const PACKAGE = 'mien.v1.';
/** As many ids as fit; --json has all. */
const MOST_IDS = 3;

/** Audit records for a terminal, one a row. */
export function auditTable(records: readonly AuditRecord[]): string {
  return textTable(
    ['#', 'at', 'key', 'method', 'outcome', 'about', 'from'],
    records.map((record) => [
      String(record.sequence),
      momentText(record.at),
      record.keyId,
      record.method.startsWith(PACKAGE) ? record.method.slice(PACKAGE.length) : record.method,
      record.outcome,
      aboutText(record),
      record.peer,
    ]),
  );
}

function aboutText({ groupIds, personIds, faceIds, jobId }: AuditRecord): string {
  const parts = [
    idsText('group', groupIds),
    idsText('person', personIds),
    idsText('face', faceIds),
    idsText('job', jobId === '' ? [] : [jobId]),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function idsText(noun: string, ids: readonly string[]): string {
  if (ids.length === 0) {
    return '';
  }
  const more = ids.length > MOST_IDS ? ` and ${ids.length - MOST_IDS} more` : '';
  return `${noun} ${ids.slice(0, MOST_IDS).join(', ')}${more}`;
}
