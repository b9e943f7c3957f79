import { randomBytes } from 'node:crypto';
import { MienError } from '@mien/errors';
import { type FaceOnLine, Job, JobPhotoStage, Lane, type Photo } from '@mien/proto';
import { STAGE_CATALOG } from './catalog';
import { listDeadLetters, redriveDeadLetter, showDeadLetter } from './dead/cemetery';
import { laneDepth } from './lane-depth';
import { CANCELLED_SUBJECT, PHOTO_STAGES_SUBJECT } from './names/jobs';
import { gate, newJob, stamp, stampsOf, TestLine } from './testing/test-line';

let line: TestLine;

beforeEach(async () => {
  line = await TestLine.start();
});

afterEach(() => line.stop());

describe('the line', () => {
  it('takes a job through its itinerary, in order, and answers it', async () => {
    line.worker('detector', async (job) => stamp(job, 'detector'));
    line.worker('landmark', async (job) => stamp(job, 'landmark'));
    line.worker('embedder', async (job) => stamp(job, 'embedder'));
    const job = await line.client().submit(newJob(['detector', 'embedder']), { deadlineMs: 5_000 });
    expect(stampsOf(job)).toEqual(['detector', 'embedder']);
    const depth = await laneDepth(line.bus, 'detector', 'interactive');
    expect(depth).toEqual({ waiting: 0, taken: 0 });
  });

  it('tells where the photo of a submitted job is, and works for no cancelled one', async () => {
    const told: string[] = [];
    line.bus.nc.subscribe(PHOTO_STAGES_SUBJECT, {
      callback: (_, { data }) => {
        const { jobId, photoIndex, stage } = JobPhotoStage.decode(data);
        told.push(`${jobId} ${photoIndex} ${stage}`);
      },
    });
    const worked: string[] = [];
    for (const stage of ['detector', 'embedder'] as const) {
      line.worker(stage, async (job) => {
        worked.push(job.submission?.jobId ?? '');
        return job;
      });
    }
    const client = line.client();
    const photo = (jobId: string) => ({
      ...newJob(['detector', 'embedder']),
      submission: { jobId, photoIndex: 7 },
    });
    await client.submit(photo('wanted'), { deadlineMs: 5_000 });
    await client.submit(newJob(['detector']), { deadlineMs: 5_000 });
    line.bus.nc.publish(CANCELLED_SUBJECT, 'unwanted');
    await line.bus.nc.flush();
    await expect(client.submit(photo('unwanted'), { deadlineMs: 300 })).rejects.toMatchObject({
      reason: 'DEADLINE_EXCEEDED',
    });
    expect(worked).toEqual(['wanted', 'wanted', '']);
    expect(told).toEqual(['wanted 7 detector', 'wanted 7 embedder']);
    expect(await laneDepth(line.bus, 'detector', 'interactive')).toEqual({ waiting: 0, taken: 0 });
  });

  it('answers many jobs at once, each its own', async () => {
    line.worker('detector', async (job) => stamp(job, job.id));
    line.worker('landmark', async (job) => job);
    const client = line.client();
    const jobs = await Promise.all(
      Array.from({ length: 200 }, () =>
        client.submit(newJob(['detector', 'landmark']), { deadlineMs: 20_000 }),
      ),
    );
    expect(jobs.every((job) => stampsOf(job)[0] === job.id)).toBe(true);
    expect(client.inFlight).toBe(0);
  });

  it('lets interactive jobs overtake the batch jobs that wait', async () => {
    const client = line.client();
    const order: string[] = [];
    const first = gate();
    const started = gate();
    line.worker(
      'detector',
      async (job) => {
        started.open();
        await first.opened;
        order.push(job.lane);
        // No work is done in no time: long enough for a job to come from the server.
        await line.bus.nc.flush();
        await line.bus.nc.flush();
        return job;
      },
      1,
    );
    const submit = (lane: Lane) => client.submit(newJob(['detector'], lane), { deadlineMs: 20_000 });
    const batch = Array.from({ length: 10 }, () => submit(Lane.LANE_BATCH));
    await started.opened;
    const interactive = Array.from({ length: 5 }, () => submit(Lane.LANE_INTERACTIVE));
    await Promise.race([allQueued(10, 5), Promise.all(batch)]);
    first.open();
    await Promise.all([...batch, ...interactive]);
    // The one that was being worked on stays first.
    expect(order.slice(1, 6)).toEqual(Array(5).fill(Lane.LANE_INTERACTIVE));
  });

  it('tries again after a failure that may pass', async () => {
    let attempts = 0;
    line.worker('detector', async (job) => {
      attempts += 1;
      if (attempts < 3) {
        throw new Error('the engine is down');
      }
      return stamp(job, 'done');
    });
    const started = Date.now();
    const job = await line.client().submit(newJob(['detector']), { deadlineMs: 20_000 });
    expect(stampsOf(job)).toEqual(['done']);
    expect(attempts).toBe(3);
    expect(Date.now() - started).toBeGreaterThanOrEqual(1_200); // back-off: 200 ms, then 1 s
  });

  it('answers at once what no other attempt would change', async () => {
    let attempts = 0;
    line.worker('detector', async () => {
      attempts += 1;
      throw new MienError('IMAGE_CORRUPT', 'cut short');
    });
    const answer = line.client().submit(newJob(['detector']), { deadlineMs: 5_000 });
    await expect(answer).rejects.toMatchObject({ reason: 'IMAGE_CORRUPT', metadata: { stage: 'detector' } });
    expect(attempts).toBe(1);
    expect(await listDeadLetters(line.bus, 10)).toEqual([]);
  });

  it('keeps a job that failed at every attempt, with its error, and takes it again when told to', async () => {
    let broken = true;
    const again = gate();
    line.worker('landmark', async (job) => {
      if (broken) {
        throw new Error('no such tensor');
      }
      again.open();
      return job;
    });
    const client = line.client();
    // The second attempt would come after the deadline: the job dies of its error and not of the clock.
    const answer = client.submit(newJob(['landmark']), { deadlineMs: 150 });
    await expect(answer).rejects.toMatchObject({ reason: 'STAGE_FAILED' });
    const [filed] = await listDeadLetters(line.bus, 10);
    expect(filed?.letter).toMatchObject({
      stage: 'landmark',
      deliveries: 1,
      subject: 'mien.work.landmark.interactive',
    });
    expect(filed?.letter.problem?.message).toContain('no such tensor');
    const sequence = filed?.sequence ?? 0;
    expect((await showDeadLetter(line.bus, sequence)).job?.itinerary).toEqual(['landmark']);
    broken = false;
    await redriveDeadLetter(line.bus, sequence, { deadlineMs: 5_000 });
    await again.opened;
    expect(await listDeadLetters(line.bus, 10)).toEqual([]);
    await expect(showDeadLetter(line.bus, sequence)).rejects.toMatchObject({ reason: 'NOT_FOUND' });
  });

  it('keeps a message that is no job', async () => {
    line.worker('detector', async (job) => job);
    const buried = nextMessage('mien.dead.detector');
    await line.bus.js.publish('mien.work.detector.batch', Buffer.from([0xff, 0xff, 0xff]));
    await buried;
    const [filed] = await listDeadLetters(line.bus, 10);
    expect(filed?.letter.job).toBeUndefined();
    expect(filed?.letter.raw).toEqual(Buffer.from([0xff, 0xff, 0xff]));
  });

  it('answers a job whose deadline has passed without working on it', async () => {
    const client = line.client();
    let worked = 0;
    const answer = client.submit(newJob(['detector']), { deadlineMs: 50 });
    await expect(answer).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
    const told = nextMessage('mien.reply.>');
    line.worker('detector', async (job) => {
      worked += 1;
      return job;
    });
    await told;
    expect(worked).toBe(0);
  });

  it('tells the stage by its signal that the deadline has passed', async () => {
    line.worker(
      'detector',
      (_job, { signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const told = nextMessage('mien.reply.>');
    const answer = line.client().submit(newJob(['detector']), { deadlineMs: 100 });
    await expect(answer).rejects.toMatchObject({ reason: 'DEADLINE_EXCEEDED' });
    await told;
    expect(await listDeadLetters(line.bus, 1)).toEqual([]);
  });

  it('hands crops on as they are, inline or through the object store, and only while they are needed', async () => {
    const pixels = Array.from({ length: 12 }, () => randomBytes(300 * 300 * 3));
    const seen: (Buffer | undefined)[][] = [];
    line.worker('detector', async (job) => ({ ...job, photos: [photoWithFaces(pixels)] }));
    line.worker('landmark', async (job) => {
      seen.push(contextsOf(job.photos));
      return job;
    });
    line.worker('attributes', async (job) => {
      seen.push(contextsOf(job.photos));
      return job;
    });
    line.worker('embedder', async (job) => {
      seen.push(contextsOf(job.photos));
      return job;
    });
    const job = await line
      .client()
      .submit(newJob(['detector', 'landmark', 'attributes', 'embedder']), { deadlineMs: 20_000 });
    expect(sameBytes(seen[0], pixels)).toBe(true);
    expect(sameBytes(seen[1], pixels)).toBe(true);
    expect(seen[2]?.every((rgb) => rgb === undefined)).toBe(true);
    expect(contextsOf(job.photos).every((rgb) => rgb === undefined)).toBe(true);
    expect(job.photos[0]?.faces).toHaveLength(12);
  });

  it('forwards a job once, however often it is delivered', async () => {
    let second = 0;
    line.worker('landmark', async (job) => {
      second += 1;
      return job;
    });
    const client = line.client();
    line.worker('detector', async (job) => {
      // As if the acknowledgement of an earlier delivery had been lost after it was forwarded.
      await line.bus.js.publish(
        'mien.work.landmark.interactive',
        Job.encode({ ...job, itinerary: ['landmark'] }).finish(),
        {
          msgID: `${job.id}:landmark`,
        },
      );
      return job;
    });
    await client.submit(newJob(['detector', 'landmark']), { deadlineMs: 5_000 });
    expect(await line.bus.jsm.streams.info('MIEN_LANDMARK')).toMatchObject({ state: { last_seq: 1 } });
    expect(second).toBe(1);
  });

  it('keeps a long job that is still worked on to itself', async () => {
    let attempts = 0;
    const { ackWaitMs } = STAGE_CATALOG.detector;
    line.worker('detector', async (job) => {
      attempts += 1;
      await new Promise((resolve) => setTimeout(resolve, ackWaitMs * 1.5));
      return job;
    });
    await line.client().submit(newJob(['detector']), { deadlineMs: 20_000 });
    expect(attempts).toBe(1);
  });

  it('hands back what is still under way when a drain has lasted too long', async () => {
    const begun = gate();
    const signals: AbortSignal[] = [];
    const stuck = line.worker('detector', (_job, { signal }) => {
      signals.push(signal);
      begun.open();
      return new Promise(() => {});
    });
    const answer = line.client().submit(newJob(['detector']), { deadlineMs: 20_000 });
    await begun.opened;
    line.worker('detector', async (job) => stamp(job, 'heir'));
    await stuck.drain(20);
    expect(signals[0]?.reason).toMatchObject({ reason: 'SHUTTING_DOWN' });
    expect(stampsOf(await answer)).toEqual(['heir']);
  });

  it('lets go of a job whose caller does, and of all when it goes down', async () => {
    const client = line.client();
    const caller = new AbortController();
    const given = client.submit(newJob(['detector']), { deadlineMs: 5_000, signal: caller.signal });
    const other = client.submit(newJob(['detector']), { deadlineMs: 5_000 });
    caller.abort(new Error('hung up'));
    await expect(given).rejects.toThrow('hung up');
    expect(client.inFlight).toBe(1);
    client.close();
    await expect(other).rejects.toMatchObject({ reason: 'SHUTTING_DOWN' });
    await expect(client.submit(newJob(['detector']), { deadlineMs: 5_000 })).rejects.toMatchObject({
      reason: 'SHUTTING_DOWN',
    });
  });
});

/** Resolves when the server's queues hold so many jobs in all. */
async function allQueued(batch: number, interactive: number): Promise<void> {
  for (;;) {
    const [b, i] = [
      await laneDepth(line.bus, 'detector', 'batch'),
      await laneDepth(line.bus, 'detector', 'interactive'),
    ];
    if (b.waiting + b.taken === batch && i.waiting + i.taken === interactive) {
      return;
    }
  }
}

async function nextMessage(subject: string): Promise<void> {
  const subscription = line.bus.nc.subscribe(subject, { max: 1 });
  await line.bus.nc.flush();
  return (async () => {
    for await (const _ of subscription) {
      return;
    }
  })();
}

function photoWithFaces(pixels: Buffer[]): Photo {
  return { image: undefined, width: 4000, height: 4000, problem: undefined, faces: pixels.map(faceWith) };
}

function faceWith(rgb: Buffer): FaceOnLine {
  return {
    answer: undefined,
    rotation: 0,
    context: { pixels: { $case: 'rgb', value: rgb }, width: 300, height: 300, left: 0, top: 0, scale: 1 },
    liveness: undefined,
    aligned: undefined,
    mesh: [],
    meshPresence: 0,
    otherTemplates: [],
  };
}

function contextsOf(photos: Photo[]): (Buffer | undefined)[] {
  return photos.flatMap((photo) =>
    photo.faces.map((face) =>
      face.context?.pixels?.$case === 'rgb' ? face.context.pixels.value : undefined,
    ),
  );
}

function sameBytes(some: (Buffer | undefined)[] | undefined, others: Buffer[]): boolean {
  return some?.length === others.length && others.every((bytes, index) => some[index]?.equals(bytes));
}
