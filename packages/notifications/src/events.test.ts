import { JobState, SubmittedJob } from '@mien/proto';
import { decodeEvent, encodeEvent } from './cloud-event';
import { jobFinished, livenessFailed, personMatched } from './events';

const AT = new Date('2026-11-25T06:00:00.000Z');

describe('an event', () => {
  it('has what CloudEvents asks for, and reads back', () => {
    const seen = {
      source: 'gate',
      personId: 'ada',
      faceId: 'f',
      groupIds: ['staff'],
      score: Math.fround(91.3),
    };
    const event = personMatched(seen, { id: 'search-1', at: AT });
    expect(event).toEqual({
      specversion: '1.0',
      id: 'search-1',
      source: '/mien/gateway',
      type: 'person.matched',
      subject: 'ada',
      time: '2026-11-25T06:00:00.000Z',
      datacontenttype: 'application/json',
      data: { ...seen, score: 91.3, seenAt: '2026-11-25T06:00:00.000Z' },
    });
    expect(decodeEvent(encodeEvent(event))).toEqual(event);
  });

  it('of a job tells how it ended, under a name for each time that it did', () => {
    const job = SubmittedJob.fromPartial({ id: '01J', state: JobState.JOB_STATE_DEAD, endedAt: AT });
    expect(jobFinished(job, 2)).toMatchObject({
      id: 'job-01J-2',
      subject: '01J',
      data: { job: { id: '01J', state: 'JOB_STATE_DEAD' } },
    });
  });

  it('without a subject has none', () => {
    expect(livenessFailed({ source: 'gate', score: 3 }, { id: 'x', at: AT })).not.toHaveProperty('subject');
  });

  it.each(['', '{', '[]', '{"id":"x"}', 'null'])('is not read from %j', (text) => {
    expect(() => decodeEvent(Buffer.from(text))).toThrow(expect.objectContaining({ reason: 'INTERNAL' }));
  });
});
