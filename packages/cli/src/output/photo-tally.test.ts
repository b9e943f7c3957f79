import { JobResult } from '@mien/proto';
import { PhotoTally } from './photo-tally';

describe('the tally of photos', () => {
  it('is a line when all were answered', () => {
    const tally = new PhotoTally();
    tally.addAnswered(100);
    expect(tally.text(0)).toBe('100 photos answered, 0 refused');
    expect(tally.text(40)).toBe('100 photos answered, 0 refused, in 40 s (2.5/s)');
  });

  it('has the reasons, most frequent first, with some examples', () => {
    const tally = new PhotoTally();
    tally.addAnswered(5);
    tally.refuse('huge.jpg', 'IMAGE_TOO_LARGE');
    for (let index = 0; index < 5; index++) {
      tally.add(
        JobResult.fromPartial({
          name: `${index}.jpg`,
          result: { $case: 'refusal', value: { reason: 'NO_FACE' } },
        }),
      );
    }
    tally.add(JobResult.fromPartial({ name: 'good.jpg', result: { $case: 'detect', value: {} } }));
    const text = tally.text(1);
    expect(text).toContain('5 photos answered, 6 refused');
    expect(text).toMatch(/NO_FACE +│ 5 +│ 0\.jpg/);
    expect(text.indexOf('NO_FACE')).toBeLessThan(text.indexOf('IMAGE_TOO_LARGE'));
    expect(text).toContain('2.jpg');
    expect(text).not.toContain('3.jpg');
  });

  it('takes whom the uniqueness control found for refused', () => {
    const tally = new PhotoTally();
    tally.addAnswered(2);
    tally.add(
      JobResult.fromPartial({ name: 'a', result: { $case: 'enrol', value: { similar: { personId: 'p' } } } }),
    );
    tally.add(JobResult.fromPartial({ name: 'b', result: { $case: 'enrol', value: { personId: 'b' } } }));
    expect(tally.text(0)).toMatch(/^1 photo answered, 1 refused\n[\s\S]*resembles somebody │ 1 +│ a /);
    expect(tally.refused).toBe(1);
  });
});
