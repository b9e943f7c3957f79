import { commaSeparated, gathered, indexedText, score, wholeNumber } from './arguments';

describe('arguments', () => {
  it('are numbers where numbers are asked for', () => {
    expect(wholeNumber('10')).toBe(10);
    expect(score('62.5')).toBe(62.5);
    for (const text of ['-1', '1.5', '', 'ten']) {
      expect(() => wholeNumber(text)).toThrow('whole number');
    }
    for (const text of ['-1', '100.1', ' ', 'high', 'NaN']) {
      expect(() => score(text)).toThrow('from 0 to 100');
    }
  });

  it('are gathered over all times that they come', () => {
    expect(gathered('b', gathered('a'))).toEqual(['a', 'b']);
    expect(indexedText('1=', indexedText('0=a=b'))).toEqual([
      { index: 0, text: 'a=b' },
      { index: 1, text: '' },
    ]);
    expect(() => indexedText('badge')).toThrow('0=badge');
    expect(commaSeparated('a, b,')).toEqual(['a', 'b']);
  });
});
