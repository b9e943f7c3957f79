import { UniquenessControl } from '@mien/sdk';
import { Command } from 'commander';
import { chosenWork, type WorkOptions, withWork } from './job-work';

/** The work of a command line. */
function work(...args: string[]) {
  const command = withWork(new Command().exitOverride().configureOutput({ writeErr: () => undefined }));
  return chosenWork(command.parse(args, { from: 'user' }).opts<WorkOptions>());
}

const NOTHING = { maxFaces: 0, minFaceSize: 0, rotationSearch: false };

describe('the work of a job', () => {
  it('is detection unless told', () => {
    expect(work()).toEqual({
      detect: {
        features: {
          landmarks: true,
          mesh: false,
          quality: true,
          attributes: true,
          liveness: true,
          template: false,
        },
        detection: NOTHING,
      },
    });
    expect(work('--features', 'template', '--max-faces', '3', '--rotate')).toMatchObject({
      detect: {
        features: { landmarks: false, template: true },
        detection: { maxFaces: 3, rotationSearch: true },
      },
    });
    expect(work('--features', 'none')).toMatchObject({ detect: { features: { landmarks: false } } });
  });

  it('has the options of its kind', () => {
    expect(work('--work', 'liveness', '--threshold', '0', '--source', 'gate')).toEqual({
      checkLiveness: { detection: NOTHING, threshold: 0, source: 'gate' },
    });
    expect(
      work(
        '--work',
        'search',
        '--groups',
        'a,b',
        '--top',
        '1',
        '--min-score',
        '60',
        '--quality-control',
        '2',
      ),
    ).toEqual({
      search: {
        groupIds: ['a', 'b'],
        detection: NOTHING,
        qualityControl: 2,
        maxCandidates: 1,
        minimumScore: 60,
      },
    });
    expect(work('--work', 'enrol', '--group', 'staff', '--uniqueness', 'high')).toEqual({
      enrol: {
        groupId: 'staff',
        detection: NOTHING,
        uniquenessControl: UniquenessControl.UNIQUENESS_CONTROL_HIGH,
      },
    });
    expect(work('--work', 'cluster', '--min-score', '45')).toEqual({
      cluster: { detection: NOTHING, minimumScore: 45 },
    });
    expect(work('--work', 'duplicates', '--groups', 'a')).toEqual({ duplicateCheck: { groupIds: ['a'] } });
  });

  it.each([
    [['--group', 'staff'], '--group does not go with --work detect'],
    [['--work', 'enrol', '--group', 'a', '--min-score', '3'], '--min-score does not go with --work enrol'],
    [['--work', 'search'], '--work search needs --groups'],
    [['--work', 'enrol'], '--work enrol needs --group'],
    [['--work', 'duplicates', '--groups', 'a', '--rotate'], '--rotate does not go with --work duplicates'],
    [['--features', 'ears'], 'no feature is called ears'],
  ])('says what does not fit: %p', (args, complaint) => {
    expect(() => work(...args)).toThrow(complaint);
  });
});
