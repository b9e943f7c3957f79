import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Reason, STATUS_OF_REASON } from '@mien/errors';
import { grpcStatusName, HTTP_STATUS_OF_REASON } from './http-status';

const page = readFileSync(join(__dirname, '../../../../docs/errors.md'), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| `[A-Z_]+` +\|/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .map(([, reason = '', status, code, when = '', advice = '']) => ({
    reason,
    status,
    code: Number(code),
    when,
    advice,
  }));

describe('docs/errors.md', () => {
  it('has every reason once, in the order of the code', () => {
    expect(rows.map((row) => row.reason)).toEqual(Object.keys(STATUS_OF_REASON));
  });

  it.each(rows)(
    'tells the statuses of $reason, when it comes and what to do',
    ({ reason, status, code, when, advice }) => {
      expect(status).toBe(grpcStatusName(STATUS_OF_REASON[reason as Reason]));
      expect(code).toBe(HTTP_STATUS_OF_REASON[reason as Reason]);
      expect(when.length).toBeGreaterThan(10);
      expect(advice.length).toBeGreaterThan(4);
    },
  );
});
