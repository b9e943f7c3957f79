import { EVENTS_STREAM } from '@mien/bus';
import { Receiver } from './testing/receiver';
import { TestNotifiers } from './testing/test-notifiers';

let test: TestNotifiers;
let receiver: Receiver;

beforeEach(async () => {
  [test, receiver] = await Promise.all([TestNotifiers.start(), Receiver.start()]);
});

afterEach(async () => {
  await test.stop();
  await receiver.stop();
});

/** Ids of the events that came to a path. */
const told = (path: string) => receiver.at(path).map(({ event }) => event.id);

/** An endpoint of that path with a rule, and the rule's id. */
async function watching(path: string, wanted: Parameters<TestNotifiers['rule']>[1]): Promise<string> {
  const { id } = await test.endpoint(receiver.url(path));
  return (await test.rule(id, wanted)).id;
}

/** Resolves when all events so far were held against the rules and their callbacks were delivered. */
async function settled(): Promise<void> {
  await test.idle(EVENTS_STREAM);
  await test.callbacksGone();
}

describe('a standing rule', () => {
  it('fits persons of its groups', async () => {
    await test.notifier();
    const rule = await watching('/guests', { groupIds: ['guests', 'friends'] });
    await test.matched('a', { groupIds: ['staff'] });
    await test.matched('b', { groupIds: ['staff', 'guests'], personId: 'grace' });
    await test.stranger('c', { groupIds: ['guests'] });
    await settled();
    expect(told('/guests')).toEqual(['b']);
    const [received] = receiver.at('/guests');
    expect(received?.headers['webhook-id']).toBe(`b.${rule}`);
    expect(received?.event).toMatchObject({
      type: 'person.matched',
      subject: 'grace',
      ruleid: rule,
      data: { source: 'door', personId: 'grace', groupIds: ['staff', 'guests'], score: 80 },
    });
  });

  it('fits strangers when it is about them', async () => {
    await test.notifier();
    await watching('/alarm', { strangers: true });
    await test.stranger('a', {});
    await test.matched('b', {});
    await settled();
    expect(told('/alarm')).toEqual(['a']);
  });

  it('fits its sources, and scores from its own on', async () => {
    await test.notifier();
    await watching('/gate', { groupIds: ['staff'], sources: ['gate', 'lobby'], minimumScore: 70 });
    await test.matched('a', { source: 'gate', score: 70 });
    await test.matched('b', { source: 'gate', score: 69.5 });
    await test.matched('c', { source: 'door', score: 99 });
    await test.matched('d', { source: 'lobby', score: 99 });
    await settled();
    expect(told('/gate').toSorted()).toEqual(['a', 'd']);
  });

  it('tells a limited key nothing of groups that it does not reach', async () => {
    await test.notifier();
    await watching('/limited', { groupIds: ['guests'], strangers: true, reach: ['guests'] });
    await test.stranger('a', { groupIds: ['guests', 'staff'] });
    await test.stranger('b', { groupIds: ['guests'] });
    await test.matched('c', { groupIds: ['guests', 'staff'] });
    await settled();
    expect(told('/limited').toSorted()).toEqual(['b', 'c']);
    const seen = receiver.at('/limited').find(({ event }) => event.id === 'c');
    expect(seen?.event.data).toMatchObject({ groupIds: ['guests'] });
  });

  it('calls once in a quiet period for each person and source, with two notifiers too', async () => {
    await test.notifier();
    await test.notifier();
    await watching('/quiet', { groupIds: ['staff'], strangers: true, quietSeconds: 60 });
    const start = Date.now();
    const at = (seconds: number) => new Date(start + seconds * 1_000);
    const many = Array.from({ length: 40 }, (_, index) => index);
    await Promise.all(many.map((index) => test.matched(`ada-${index}`, { at: at(index) })));
    await Promise.all(many.map((index) => test.matched(`gate-${index}`, { source: 'gate', at: at(index) })));
    await Promise.all(many.map((index) => test.stranger(`stranger-${index}`, { at: at(index) })));
    await settled();
    const kinds = () => told('/quiet').map((id) => id.replace(/-\d+$/, ''));
    expect(kinds().toSorted()).toEqual(['ada', 'gate', 'stranger']);
    await test.matched('ada-later', { at: at(101) });
    await test.matched('ada-again', { at: at(130) });
    await settled();
    expect(told('/quiet')).toHaveLength(4);
  });

  it('calls for every sighting without a quiet period, each once', async () => {
    await test.notifier();
    await watching('/all', { groupIds: ['staff'] });
    await test.matched('a', {});
    await test.matched('a', {});
    await test.matched('b', {});
    await settled();
    expect(told('/all').toSorted()).toEqual(['a', 'b']);
  });

  it('that is deleted, or whose endpoint is, calls nobody', async () => {
    await test.notifier();
    const endpoint = await test.endpoint(receiver.url('/gone'));
    const rule = await test.rule(endpoint.id, { strangers: true });
    await test.rules.delete(rule.id);
    await test.stranger('a', {});
    await settled();
    await test.rule(endpoint.id, { strangers: true });
    await test.endpoints.delete(endpoint.id);
    await test.stranger('b', {});
    await settled();
    expect(told('/gone')).toEqual([]);
  });
});
