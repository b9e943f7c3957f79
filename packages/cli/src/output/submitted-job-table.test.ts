import { SubmittedJob } from '@mien/proto';
import { JobState } from '@mien/sdk';
import { submittedJobTable, submittedJobText } from './submitted-job-table';

const RUNNING = SubmittedJob.fromPartial({
  id: 'J1',
  name: 'monday',
  work: 'check_liveness',
  state: JobState.JOB_STATE_RUNNING,
  photosTotal: 10,
  photosDone: 3,
  photosFailed: 1,
  progress: 40,
  stages: [
    { stage: 'detector', photos: 2 },
    { stage: 'liveness', photos: 1 },
  ],
  createdAt: new Date(0),
  deadline: new Date(86_400_000),
});

describe('submitted jobs', () => {
  it('are a row each', () => {
    const done = { ...RUNNING, id: 'J2', state: JobState.JOB_STATE_DONE, photosDone: 9 };
    const table = submittedJobTable([RUNNING, done]);
    expect(table).toMatch(
      /J1 │ monday │ check liveness │ running 40 % │ 4 of 10 │ 1 +│ 1970-01-01T00:00:00Z │/,
    );
    expect(table).toMatch(/J2 .*│ done +│ 10 +│ 1 +│/);
  });

  it('tell where they are and why they failed', () => {
    const text = submittedJobText(RUNNING);
    expect(text).toContain('under way   2 in detector, 1 in liveness');
    expect(text).toContain('deadline    1970-01-02T00:00:00Z');
    expect(text).not.toContain('callback');
    const dead = SubmittedJob.fromPartial({
      ...RUNNING,
      state: JobState.JOB_STATE_DEAD,
      stages: [],
      failure: { reason: 'STAGE_FAILED', message: 'gave up' },
      endedAt: new Date(0),
    });
    expect(submittedJobText(dead)).toContain('dead (STAGE_FAILED)');
    expect(submittedJobText(dead)).toContain('why         STAGE_FAILED: gave up');
    expect(submittedJobText(dead)).not.toContain('deadline');
  });
});
