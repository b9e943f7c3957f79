import { Lane } from '@mien/proto';
import { type LaneLoad, laneLoad } from './lane-depth';
import { newJob, TestLine } from './testing/test-line';

let line: TestLine;

beforeEach(async () => {
  line = await TestLine.start();
});

afterEach(() => line.stop());

describe('the load of a lane', () => {
  it('is how many jobs wait, and since when', async () => {
    const client = line.client();
    const submit = () => client.submit(newJob(['detector'], Lane.LANE_BATCH), { deadlineMs: 30_000 });
    const first = submit();
    const alone = await until((load) => load.oldestMs >= 20);
    expect(alone).toMatchObject({ waiting: 1, taken: 0, delivered: 0 });
    const others = [submit(), submit()];
    const all = await until((load) => load.waiting === 3);
    expect(all.oldestMs).toBeGreaterThanOrEqual(alone.oldestMs);
    line.worker('detector', async (job) => job, 1);
    await Promise.all([first, ...others]);
    expect(await until((load) => load.taken === 0)).toEqual({
      waiting: 0,
      taken: 0,
      oldestMs: 0,
      delivered: 3,
    });
  });
});

async function until(reached: (load: LaneLoad) => boolean): Promise<LaneLoad> {
  for (;;) {
    const load = await laneLoad(line.bus, 'detector', 'batch');
    if (reached(load)) {
      return load;
    }
  }
}
