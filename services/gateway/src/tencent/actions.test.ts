import { STATUS_OF_REASON } from '@mien/errors';
import { ACTIONS, checkTables } from './actions';
import { CODE_OF_REASON } from './errors/code-of-reason';
import { CODES } from './errors/codes';

describe('the tables of the Tencent endpoint', () => {
  it('are whole, and a gap in them stops the start', () => {
    expect(() => checkTables()).not.toThrow();
    expect(ACTIONS.size).toBe(40);
    const gap = new Map([...ACTIONS, ['Missing', Object.create(null)]]);
    expect(() => checkTables(gap)).toThrow('Missing');
  });

  it('map every reason, and tell every code in both languages', () => {
    expect(Object.keys(CODE_OF_REASON).sort()).toEqual(Object.keys(STATUS_OF_REASON).sort());
    for (const [chinese, english] of Object.values(CODES)) {
      expect(chinese).toMatch(/\p{Script=Han}/u);
      expect(english).not.toMatch(/\p{Script=Han}/u);
    }
  });
});
