import { faceIdOf } from './face-id';
import { uuidV5 } from './uuid-v5';

describe('ids of enrolled faces', () => {
  it('are UUIDs of version 5 as RFC 9562 makes them', () => {
    // Appendix A.4 of RFC 9562.
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('are the same for the same photo of the same job, and for no other', () => {
    const alone = (id: string) => ({ id, submission: undefined });
    expect(faceIdOf(alone('job'), 1)).toBe(faceIdOf(alone('job'), 1));
    const others = [alone('job2'), alone('job/1')].map((job) => faceIdOf(job, 1));
    expect(new Set([faceIdOf(alone('job'), 0), faceIdOf(alone('job'), 1), ...others]).size).toBe(4);
  });

  it('are the same whenever a photo of a submitted job comes down the line', () => {
    const submission = { jobId: 'submitted', photoIndex: 3 };
    const first = faceIdOf({ id: 'first attempt', submission }, 0);
    expect(faceIdOf({ id: 'second attempt', submission }, 0)).toBe(first);
    expect(faceIdOf({ id: 'first attempt', submission: { ...submission, photoIndex: 4 } }, 0)).not.toBe(
      first,
    );
  });
});
