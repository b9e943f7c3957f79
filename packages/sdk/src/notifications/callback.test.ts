import { JobState } from '@mien/proto';
import { Webhook } from 'standardwebhooks';
import { CallbackError, verifyCallback } from './callback';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two bytes, ok').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('another secret of 32 bytes, ok??').toString('base64')}`;

function event(type: string, data: object): string {
  const time = '2026-03-01T10:00:00Z';
  return JSON.stringify({ specversion: '1.0', id: 'event-1', source: '/mien', type, time, data });
}

function signed(body: string, secret = SECRET, at = new Date()) {
  return {
    'webhook-id': 'event-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('event-1', at, body),
  };
}

describe('verifyCallback', () => {
  const finished = event('job.finished', {
    job: { id: 'J', state: 'JOB_STATE_DONE', photosTotal: 2, endedAt: '2026-03-01T09:59:59Z' },
  });

  it('gives the event with the types of its data', () => {
    const job = verifyCallback(signed(finished), finished, SECRET);
    if (job.type !== 'job.finished') {
      throw new Error(job.type);
    }
    expect(job).toMatchObject({ id: 'event-1', time: new Date('2026-03-01T10:00:00Z') });
    expect(job.data.job).toMatchObject({
      id: 'J',
      state: JobState.JOB_STATE_DONE,
      photosTotal: 2,
      photosFailed: 0,
      endedAt: new Date('2026-03-01T09:59:59Z'),
    });
    const matched = event('person.matched', { source: 'gate', personId: 'ada', score: 87.5 });
    expect(verifyCallback(signed(matched), Buffer.from(matched), SECRET)).toMatchObject({
      type: 'person.matched',
      data: { source: 'gate', personId: 'ada', score: 87.5, groupIds: [] },
    });
  });

  it('takes headers as node:http and fetch have them, and the second of two signatures', () => {
    const headers = signed(finished);
    const both = `${new Webhook(OTHER).sign('event-1', new Date(), finished)} ${headers['webhook-signature']}`;
    expect(verifyCallback(new Headers(headers), finished, SECRET).id).toBe('event-1');
    const upper = { ...headers, 'webhook-signature': both, 'set-cookie': ['a', 'b'], age: undefined };
    expect(verifyCallback(upper, finished, SECRET).id).toBe('event-1');
  });

  it.each([
    ['another secret', signed(finished, OTHER), finished],
    ['another body', signed(finished), finished.replace('DONE', 'DEAD')],
    ['an old signature', signed(finished, SECRET, new Date(Date.now() - 10 * 60_000)), finished],
    ['no signature', { ...signed(finished), 'webhook-signature': undefined }, finished],
    ['another id', { ...signed(finished), 'webhook-id': 'event-2' }, finished],
  ])('refuses %s', (_, headers, body) => {
    expect(() => verifyCallback(headers, body, SECRET)).toThrow(CallbackError);
  });

  it.each(['not json', '"text"', event('lunch.served', {}), event('toString', {})])(
    'refuses what is signed but no event: %s',
    (body) => {
      expect(() => verifyCallback(signed(body), body, SECRET)).toThrow(CallbackError);
    },
  );
});
