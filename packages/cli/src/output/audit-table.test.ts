import { AuditRecord } from '@mien/proto';
import { auditTable } from './audit-table';

test('a row for each call, with whom it was about', () => {
  const table = auditTable([
    AuditRecord.fromPartial({
      sequence: 12,
      at: new Date(0),
      keyId: 'k1',
      method: 'mien.v1.LibraryService/Search',
      outcome: 'ok',
      groupIds: ['staff'],
      personIds: ['a', 'b', 'c', 'd', 'e'],
      peer: '127.0.0.1',
    }),
    AuditRecord.fromPartial({ sequence: 13, method: 'HTTP GET /docs', outcome: 'KEY_INVALID', jobId: 'J' }),
  ]);
  expect(table).toMatch(/│ 12 │ 1970-01-01T00:00:00Z │ k1 +│ LibraryService\/Search │ ok +│ group staff/);
  expect(table).toContain('person a, b, c and 2 more');
  expect(table).toMatch(/│ 13 .* HTTP GET \/docs .* KEY_INVALID .* job J/);
});
