import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Face, type FaceOnLine, type Photo } from '@mien/proto';
import { newJob, TestLine } from './testing/test-line';

let line: TestLine;

beforeEach(async () => {
  line = await TestLine.start({ maxPayload: 1_048_576 });
});

afterEach(() => line.stop());

describe('on a server with the default max_payload of 1 MiB', () => {
  it('takes a job and an answer that are larger than a message through the object store', async () => {
    line.worker('detector', async (job) => ({ ...job, photos: [photoOf(120)] }));
    line.worker('attributes', async (job) => {
      expect(job.photos[0]?.faces[119]?.mesh).toHaveLength(1_404);
      return job;
    });
    const work = newJob(['detector', 'attributes']);
    const job = await line.client().submit(work, { deadlineMs: 20_000 });
    expect(job.photos[0]?.faces).toHaveLength(120);
    expect(job.photos[0]?.faces[119]?.answer?.mesh).toHaveLength(468);
    expect(job.photos[0]?.faces[119]?.mesh).toEqual([]);
    // The answer had one reader and is gone; the job between the stages goes later.
    const kept = await readdir(join(line.folder, 'blobs', 'jobs'), { recursive: true });
    expect(kept.filter((name) => name.length > 60)).toHaveLength(1);
  });
});

/** Answers of so many faces do not fit into a message of 1 MiB. */
function photoOf(count: number): Photo {
  const mesh = Array.from({ length: 468 }, () => ({ x: 1.5, y: 2.5, z: 3.5 }));
  const face: FaceOnLine = {
    answer: Face.fromPartial({ confidence: 1, mesh }),
    rotation: 0,
    context: undefined,
    liveness: undefined,
    aligned: undefined,
    mesh: Array.from({ length: 1_404 }, (_, index) => index),
    meshPresence: 1,
    otherTemplates: [],
  };
  return { image: undefined, width: 1, height: 1, problem: undefined, faces: Array(count).fill(face) };
}
