import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Receiver } from './testing/receiver';
import { TestNotifiers } from './testing/test-notifiers';

const MAIN = join(__dirname, '../dist/main.js');

describe('the notifier process', () => {
  let test: TestNotifiers;
  let receiver: Receiver;
  const children: ChildProcess[] = [];

  /** The built notifier, as an operator starts it; resolves when it is ready. */
  const start = async (): Promise<ChildProcess> => {
    const child = spawn(process.execPath, [MAIN], {
      env: {
        PATH: process.env['PATH'],
        MIEN_NATS_URL: test.url,
        MIEN_DATA_DIR: test.folder,
        MIEN_CALLBACK_ALLOWED_NETWORKS: '127.0.0.1/32',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    if (child.stdout === null) {
      throw new Error('the log is not piped');
    }
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes('"msg":"ready"')) {
        child.stdout.resume();
        return child;
      }
    }
    throw new Error('the notifier ended before it was ready');
  };

  beforeAll(async () => {
    [test, receiver] = await Promise.all([TestNotifiers.start(), Receiver.start()]);
  });

  afterAll(async () => {
    for (const child of children) {
      child.kill('SIGKILL');
    }
    await test.stop();
    await receiver.stop();
  });

  it('delivers under the same id after a kill in the middle of a delivery, and leaves with 0', async () => {
    const first = await start();
    receiver.on('/hook', () => undefined);
    const { id } = await test.endpoint(receiver.url('/hook'));
    await test.queue(id, 'one', 'two', 'three');
    await receiver.until(() => receiver.received.length === 3);
    first.kill('SIGKILL');
    await once(first, 'exit');
    receiver.on('/hook', (response) => response.writeHead(204).end());
    const second = await start();
    const again = () => new Set(receiver.received.slice(3).map(({ headers }) => headers['webhook-id']));
    await receiver.until(() => again().size === 3);
    expect([...again()].toSorted()).toEqual(['one', 'three', 'two']);
    await test.callbacksGone();
    second.kill('SIGTERM');
    expect(await once(second, 'exit')).toEqual([0, null]);
  }, 60_000);
});
