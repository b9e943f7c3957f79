import { join } from 'node:path';
import { Undertaker } from './dead/undertaker';
import { startNatsServer } from './server/nats-server';
import { natsBinary, newJob, stamp, stampsOf, TestLine } from './testing/test-line';

let line: TestLine;

beforeEach(async () => {
  line = await TestLine.start();
});

afterEach(() => line.stop());

describe('when the NATS server goes away', () => {
  it('refuses jobs at once, and works again when it is back, with what it held', async () => {
    const worker = line.worker('detector', async (job) => stamp(job, 'done'));
    const client = line.client();
    await client.submit(newJob(['detector']), { deadlineMs: 5_000 });
    const lost = status('disconnect');
    await line.server.kill();
    await lost;
    expect(line.bus.connected).toBe(false);
    const refused = client.submit(newJob(['detector']), { deadlineMs: 5_000 });
    await expect(refused).rejects.toMatchObject({ reason: 'BUS_UNAVAILABLE' });
    const back = status('reconnect');
    const again = await startNatsServer({
      binary: natsBinary(),
      dataDir: join(line.folder, 'nats'),
      port: line.server.port,
    });
    await back;
    expect(line.bus.connected).toBe(true);
    const jobs = await Promise.all(
      Array.from({ length: 20 }, () => client.submit(newJob(['detector']), { deadlineMs: 10_000 })),
    );
    expect(jobs.map((job) => stampsOf(job).join())).toEqual(Array(20).fill('done'));
    await worker.drain(1_000);
    await line.bus.close();
    await again.stop();
  });

  it('drains without it', async () => {
    const worker = line.worker('detector', async (job) => job);
    const undertaker = new Undertaker({ ...line.parts(), stage: 'detector' });
    const lost = status('disconnect');
    await line.server.kill();
    await lost;
    await worker.drain(1_000);
    await undertaker.stop();
    expect(worker.inFlight).toBe(0);
  });
});

async function status(type: string): Promise<void> {
  for await (const event of line.bus.nc.status()) {
    if (event.type === type) {
      return;
    }
  }
}
