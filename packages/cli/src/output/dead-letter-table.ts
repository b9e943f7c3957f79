import type { DeadLetterRecord } from '@mien/sdk';
import { momentText } from './moment';
import { textTable } from './table';
import { word } from './word';

/** Dead letters for a terminal, one a row. */
export function deadLetterTable(letters: readonly DeadLetterRecord[]): string {
  return textTable(
    ['id', 'kind', 'where', 'job', 'attempts', 'died', 'why'],
    letters.map(({ id, kind, where, jobId, attempts, diedAt, problem }) => [
      id,
      word(kind, 'DEAD_LETTER_KIND_'),
      where,
      jobId,
      String(attempts),
      momentText(diedAt),
      problem === undefined ? '' : `${problem.reason}: ${problem.message}`,
    ]),
  );
}

/** A dead letter with its detail, set out in lines. */
export function deadLetterText(letter: DeadLetterRecord): string {
  const table = deadLetterTable([letter]);
  return letter.detail === '' ? table : `${table}\n${laidOut(letter.detail)}`;
}

function laidOut(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2);
  } catch {
    return json;
  }
}
