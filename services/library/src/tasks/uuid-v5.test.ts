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
    expect(faceIdOf('job', 1)).toBe(faceIdOf('job', 1));
    expect(
      new Set([faceIdOf('job', 0), faceIdOf('job', 1), faceIdOf('job2', 1), faceIdOf('job/1', 1)]).size,
    ).toBe(4);
  });
});
