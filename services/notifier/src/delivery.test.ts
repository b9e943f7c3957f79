import { createHmac } from 'node:crypto';
import { CALLBACKS_STREAM, DEAD_CALLBACKS_STREAM } from '@mien/bus';
import { listDeadCallbacks, redriveDeadCallback, type StoredEndpoint } from '@mien/notifications';
import { parseNetwork } from '@mien/outbound';
import { Webhook } from 'standardwebhooks';
import { fails, hangs, type Received, Receiver } from './testing/receiver';
import { QUICK, TestNotifiers } from './testing/test-notifiers';

let test: TestNotifiers;
let receiver: Receiver;

beforeEach(async () => {
  [test, receiver] = await Promise.all([TestNotifiers.start(), Receiver.start()]);
});

afterEach(async () => {
  await test.stop();
  await receiver.stop();
});

describe('a callback', () => {
  it('is signed so that the official library takes it, and nobody else’s', async () => {
    await test.notifier();
    const endpoint = await test.endpoint(receiver.url('/hook'));
    await test.queue(endpoint.id, 'one');
    await receiver.until(() => receiver.received.length > 0);
    const [received] = receiver.received;
    expect(received?.headers).toMatchObject({
      'webhook-id': 'one',
      'content-type': 'application/cloudevents+json; charset=utf-8',
    });
    expect(received?.event).toMatchObject({
      specversion: '1.0',
      type: 'stranger.seen',
      data: { source: 'door', groupIds: ['staff'] },
    });
    verify(received, secretOf(endpoint));
    const forged = createHmac('sha256', 'another').update('x').digest('base64');
    expect(() => verify(received, `whsec_${forged}`)).toThrow(/signature/i);
    expect(test.lines.join()).not.toContain(secretOf(endpoint));
  });

  it('is signed with the new secret and the old one after a rotation', async () => {
    const endpoint = await test.endpoint(receiver.url('/hook'));
    const secret = await test.endpoints.rotateSecret(endpoint.id);
    await test.notifier();
    await test.queue(endpoint.id, 'one');
    await receiver.until(() => receiver.received.length > 0);
    verify(receiver.received[0], secret);
    verify(receiver.received[0], secretOf(endpoint));
  });

  it('is tried again under the same id until it is taken', async () => {
    await test.notifier();
    const endpoint = await test.endpoint(receiver.url('/hook'));
    receiver.on('/hook', (response) => {
      response.writeHead(receiver.received.length < 3 ? 503 : 200).end();
    });
    await test.queue(endpoint.id, 'one');
    await receiver.until(() => receiver.received.length === 3);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(['one', 'one', 'one']);
  });

  it('is not sent where a redirect leads', async () => {
    await test.notifier();
    const endpoint = await test.endpoint(receiver.url('/moved'));
    receiver.on('/moved', (response) => {
      response.writeHead(307, { location: receiver.url('/elsewhere') }).end();
    });
    await test.queue(endpoint.id, 'one');
    await receiver.until(() => receiver.at('/moved').length === 2);
    expect(receiver.at('/elsewhere')).toEqual([]);
  });

  it('is dead when its time is over, and delivered when it is driven again', async () => {
    const schedule = { delayMs: () => 20, lifetimeMs: 200 };
    await test.notifier({ ...QUICK, schedule });
    const endpoint = await test.endpoint(receiver.url('/hook'));
    receiver.on('/hook', fails);
    await test.queue(endpoint.id, 'one');
    const sequence = await deadLetter();
    const [letter] = await listDeadCallbacks(test.bus, 10);
    expect(letter).toMatchObject({
      sequence,
      url: endpoint.url,
      problem: { reason: 'CALLBACK_FAILED', message: 'the endpoint answered with HTTP status 500' },
      callback: { id: 'one', endpointId: endpoint.id },
    });
    expect(letter?.attempts).toBeGreaterThan(1);
    const before = receiver.received.length;
    receiver.on('/hook', (response) => response.writeHead(200).end());
    await redriveDeadCallback(test.bus, sequence);
    await receiver.until(() => receiver.received.length > before);
    expect(receiver.received.at(-1)?.headers['webhook-id']).toBe('one');
    expect(await listDeadCallbacks(test.bus, 10)).toEqual([]);
  });

  it.each([
    ['an address', '127.0.0.1'],
    ['a name that resolves to one', 'localhost'],
  ])('does not reach %s inside that is not allowed', async (_, host) => {
    const schedule = { delayMs: () => 20, lifetimeMs: 100 };
    await test.notifier({ ...QUICK, schedule }, { allowedNetworks: [parseNetwork('10.0.0.0/8')] });
    const endpoint = await test.endpoint(`http://${host}:${receiver.port}/hook`);
    await test.queue(endpoint.id, 'one');
    await deadLetter();
    const [letter] = await listDeadCallbacks(test.bus, 1);
    expect(letter?.problem.reason).toBe('URL_FORBIDDEN');
    expect(receiver.received).toEqual([]);
  });

  it('does not wait for endpoints that hang or fail', async () => {
    await test.notifier();
    const bad = await Promise.all(
      [hangs, fails].map(async (behaviour, index) => {
        receiver.on(`/bad${index}`, behaviour);
        return test.endpoint(receiver.url(`/bad${index}`));
      }),
    );
    const good = await test.endpoint(receiver.url('/good'));
    const ids = Array.from({ length: 30 }, (__, index) => `c${index}`);
    for (const { id } of [...bad, good]) {
      await test.queue(id, ...ids);
    }
    await receiver.until(() => receiver.at('/good').length === 30);
    // As many as may be under way, and not one more.
    expect(receiver.at('/bad0')).toHaveLength(4);
  });

  it('is dropped with its endpoint', async () => {
    await test.notifier();
    const endpoint = await test.endpoint(receiver.url('/hook'));
    receiver.on('/hook', fails);
    await test.queue(endpoint.id, 'one', 'two');
    await receiver.until(() => receiver.received.length > 2);
    const dropped = logged('endpoint removed');
    await test.endpoints.delete(endpoint.id);
    await dropped;
    const { state } = await test.bus.jsm.streams.info(CALLBACKS_STREAM);
    expect(state).toMatchObject({ messages: 0, consumer_count: 0 });
  });

  it('is dropped when its endpoint went while no notifier was there', async () => {
    const endpoint = await test.endpoint(receiver.url('/hook'));
    await test.queue(endpoint.id, 'one');
    await test.endpoints.delete(endpoint.id);
    await test.notifier();
    const { state } = await test.bus.jsm.streams.info(CALLBACKS_STREAM);
    expect(state).toMatchObject({ messages: 0, consumer_count: 0 });
  });
});

describe('the circuit of an endpoint', () => {
  it('opens after failures, lets one probe through, and closes when it is taken', async () => {
    const circuitRules = { failures: 3, openMs: 300, longestOpenMs: 300 };
    await test.notifier({ ...QUICK, circuitRules }, { concurrency: 1 });
    const endpoint = await test.endpoint(receiver.url('/hook'));
    receiver.on('/hook', fails);
    const opened = logged('circuit opened');
    await test.queue(endpoint.id, ...Array.from({ length: 10 }, (_, index) => `c${index}`));
    await opened;
    expect(receiver.received).toHaveLength(3);
    await receiver.until(() => receiver.received.length === 4);
    const probed = Date.now();
    await receiver.until(() => receiver.received.length === 5);
    // 0.75 of it at least, as the jitter has it.
    expect(Date.now() - probed).toBeGreaterThan(200);
    receiver.on('/hook', (response) => response.writeHead(200).end());
    const ids = () => new Set(receiver.received.slice(5).map(({ headers }) => headers['webhook-id']));
    await receiver.until(() => ids().size === 10);
  });
});

describe('two notifiers', () => {
  it('share the work, each callback once', async () => {
    await test.notifier();
    await test.notifier();
    const endpoint = await test.endpoint(receiver.url('/hook'));
    const ids = Array.from({ length: 100 }, (_, index) => `c${index}`);
    await test.queue(endpoint.id, ...ids);
    await receiver.until(() => receiver.received.length >= 100);
    const came = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(came.toSorted()).toEqual(ids.toSorted());
  });
});

describe('when the NATS server crashes', () => {
  it('loses no callback, and follows new endpoints afterwards', async () => {
    await test.notifier();
    const endpoint = await test.endpoint(receiver.url('/hook'));
    receiver.on('/hook', fails);
    await test.queue(endpoint.id, 'one', 'two');
    await receiver.until(() => receiver.received.length > 1);
    const back = test.reconnected();
    await test.crashServer();
    await back;
    receiver.on('/hook', (response) => response.writeHead(200).end());
    const before = receiver.received.length;
    const after = () => new Set(receiver.received.slice(before).map(({ headers }) => headers['webhook-id']));
    await receiver.until(() => after().has('one') && after().has('two'));
    const another = await test.endpoint(receiver.url('/another'));
    await test.queue(another.id, 'three');
    await receiver.until(() => receiver.at('/another').length === 1);
  }, 60_000);
});

/** The place of the first callback that is buried. */
async function deadLetter(): Promise<number> {
  for await (const message of await test.follow(DEAD_CALLBACKS_STREAM)) {
    return message.seq;
  }
  throw new Error('nothing died');
}

function logged(text: string): Promise<void> {
  return test.logged(text);
}

function secretOf(endpoint: StoredEndpoint): string {
  return endpoint.secrets[0]?.secret ?? '';
}

function verify(received: Received | undefined, secret: string): void {
  new Webhook(secret).verify(received?.body ?? '', received?.headers as Record<string, string>);
}
