import { headers } from '@nats-io/transport-node';
import { Bus } from './connection';
import { startNatsServer } from './server/nats-server';
import { natsBinary, TestLine } from './testing/test-line';

const ANSWER = Buffer.from('an answer');

describe('answers', () => {
  let line: TestLine;
  let waiting: Bus;

  beforeEach(async () => {
    line = await TestLine.start();
    waiting = await Bus.connect({ servers: [line.server.url], name: 'waiting', logger: line.logger });
  });

  afterEach(async () => {
    await waiting.close();
    await line.stop();
  });

  /** What is heard from now on; the promise settles with the first. */
  const hear = (subject: string) => {
    const heard: string[] = [];
    const first = new Promise<string>((resolve) => {
      waiting.nc.subscribe(subject, {
        callback: (_, message) => {
          heard.push(message.string());
          resolve(message.string());
        },
      });
    });
    return { heard, first };
  };

  it('reach who begins to listen only a moment later, once', async () => {
    line.bus.answers.send('mien.test.answer', ANSWER, headers());
    await line.bus.nc.flush();
    const { heard, first } = hear('mien.test.answer');
    expect(await first).toBe('an answer');
    await line.bus.nc.flush();
    await waiting.nc.flush();
    expect(heard).toHaveLength(1);
  });

  it('are sent again when the connection comes back, as the server may have taken them along', async () => {
    const before = hear('mien.test.answer');
    await waiting.nc.flush();
    line.bus.answers.send('mien.test.answer', ANSWER, headers());
    await before.first;
    const { port } = line.server;
    const dataDir = `${line.folder}/nats`;
    const back = new Promise<void>((resolve) => waiting.onReconnect(resolve));
    await line.server.kill();
    const server = await startNatsServer({ binary: natsBinary(), dataDir, port });
    await back;
    const after = hear('mien.test.answer');
    expect(await after.first).toBe('an answer');
    await waiting.close();
    await line.bus.close();
    await server.stop();
  });
});
