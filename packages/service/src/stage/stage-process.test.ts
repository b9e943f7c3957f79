import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { listDeadLetters, STAGE_CATALOG } from '@mien/bus';
import { startTelemetry } from '../telemetry/telemetry';
import { stampsOf, TestRuntime } from '../testing/test-runtime';

const telemetry = startTelemetry({ service: 'test' });
let line: TestRuntime;

beforeEach(async () => {
  line = await TestRuntime.start(telemetry);
});
afterEach(() => line.stop());
afterAll(() => telemetry.shutdown());

describe('a stage process', () => {
  it('loses no job when it is killed in the middle of one: another process answers it, once', async () => {
    const doomed = line.fork('wait', 'doomed');
    const begun = once(doomed, 'message');
    const answer = line.submit(['detector'], 30_000);
    await begun;
    line.fork('go', 'heir');
    doomed.kill('SIGKILL');
    expect(stampsOf(await answer)).toEqual(['heir']);
  });

  it('loses none of many jobs when it is killed among them, and answers each once', async () => {
    const doomed = line.fork('go', 'doomed');
    // It is at work before there is an heir, who could take all jobs otherwise.
    await line.submit(['detector'], 30_000);
    line.fork('go', 'heir');
    const fallen = begunSome(doomed, 10).then(() => doomed.kill('SIGKILL'));
    const jobs = await Promise.all(Array.from({ length: 100 }, () => line.submit(['detector'], 30_000)));
    expect(await fallen).toBe(true);
    expect(new Set(jobs.map((job) => job.id)).size).toBe(100);
    expect(jobs.every((job) => stampsOf(job).length === 1)).toBe(true);
    expect(await listDeadLetters(line.runtime.bus, 1)).toEqual([]);
  });

  it('keeps a job that crashes it every time as a dead letter and tells who asked', async () => {
    const answer = line.submit(['detector'], 55_000);
    const refused = expect(answer).rejects.toMatchObject({ reason: 'STAGE_FAILED' });
    for (let life = 0; life < STAGE_CATALOG.detector.maxDeliver; life += 1) {
      await once(line.fork('crash', 'never'), 'exit');
    }
    // It lives as long as no job comes: here, to bury the dead one.
    line.fork('go', 'never');
    await refused;
    const [filed] = await listDeadLetters(line.runtime.bus, 10);
    expect(filed?.letter).toMatchObject({ stage: 'detector', deliveries: STAGE_CATALOG.detector.maxDeliver });
    expect(filed?.letter.problem?.message).toContain('no worker lived');
  });

  it('drains when told to go: finishes what it began, hands back the rest, exits 0', async () => {
    const going = line.fork('wait', 'going');
    const begun = once(going, 'message');
    const first = line.submit(['detector'], 30_000);
    await begun;
    const staying = line.fork('wait', 'staying');
    const taken = once(staying, 'message');
    // The first of these waits at `going`, behind the one that it works on.
    const others = Array.from({ length: 5 }, () => line.submit(['detector'], 30_000));
    await taken;
    going.kill('SIGTERM');
    const takenOver = begunSome(staying, 4, () => staying.send('go on'));
    staying.send('go on');
    await takenOver;
    going.send('go on');
    const [code] = await once(going, 'exit');
    const stamps = (await Promise.all([first, ...others])).map(stampsOf);
    expect(code).toBe(0);
    expect(stamps.filter((each) => each.join() === 'going')).toHaveLength(1);
    expect(stamps.filter((each) => each.join() === 'staying')).toHaveLength(5);
  });

  it('says what is wrong with its settings and exits 1', async () => {
    const child = line.fork('go', 'misled', { MIEN_GRPC_PORT: '99999', MIEN_STAGE_CONCURRENCY: 'many' });
    const said = text(child.stderr ?? Readable.from([]));
    const [code] = await once(child, 'exit');
    expect(code).toBe(1);
    expect(await said).toMatch(/CONFIGURATION_INVALID.*MIEN_GRPC_PORT.*MIEN_STAGE_CONCURRENCY/s);
  });
});

async function begunSome(child: ChildProcess, count: number, onEach = () => {}): Promise<void> {
  for (let seen = 0; seen < count; seen += 1) {
    await once(child, 'message');
    onEach();
  }
}
