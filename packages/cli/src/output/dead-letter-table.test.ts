import { DeadLetterKind, DeadLetterRecord } from '@mien/proto';
import { deadLetterText } from './dead-letter-table';

test('a dead letter with its detail in lines', () => {
  const letter = DeadLetterRecord.fromPartial({
    id: 'stage-17',
    kind: DeadLetterKind.DEAD_LETTER_KIND_STAGE,
    where: 'embedder',
    problem: { reason: 'INTERNAL', message: 'a fault' },
    attempts: 4,
    detail: '{"photo":{"bytes":7}}',
  });
  const text = deadLetterText(letter);
  expect(text).toMatch(/│ stage-17 │ stage │ embedder │ +│ 4 +│ +│ INTERNAL: a fault │/);
  expect(text).toContain('\n  "photo": {\n    "bytes": 7\n');
  expect(deadLetterText({ ...letter, detail: 'not json' })).toMatch(/\nnot json$/);
});
