import type { DetectionOptions, JobWork } from '@mien/sdk';
import { type Command, Option } from 'commander';
import { CommandError } from '../commands/failure';
import { commaSeparated, score, wholeNumber } from './arguments';
import { chosenUniqueness, qualityOption, uniquenessOption } from './choices';

/** The options that say what a job does. */
export interface WorkOptions {
  readonly work: string;
  readonly features?: readonly string[];
  readonly threshold?: number;
  readonly groups?: readonly string[];
  readonly group?: string;
  readonly top?: number;
  readonly faces?: number;
  readonly minScore?: number;
  readonly source?: string;
  readonly uniqueness?: string;
  readonly qualityControl?: string;
  readonly maxFaces?: number;
  readonly minFaceSize?: number;
  readonly rotate?: true;
}

type Flag = Exclude<keyof WorkOptions, 'work'>;

const DETECTION: readonly Flag[] = ['maxFaces', 'minFaceSize', 'rotate'];
const FEATURES = ['landmarks', 'mesh', 'quality', 'attributes', 'liveness', 'template'] as const;

interface Work {
  /** The options that mean something for it. */
  readonly flags: readonly Flag[];
  toWork(options: WorkOptions): JobWork;
}

const WORKS: Readonly<Record<string, Work>> = {
  detect: {
    flags: ['features', ...DETECTION],
    toWork: (options) => ({
      detect: { features: featuresOf(options), detection: detectionOf(options) },
    }),
  },
  liveness: {
    flags: ['threshold', 'source', ...DETECTION],
    toWork: ({ threshold, source, ...options }) => ({
      checkLiveness: {
        detection: detectionOf(options),
        ...(threshold === undefined ? {} : { threshold }),
        ...(source === undefined ? {} : { source }),
      },
    }),
  },
  search: {
    flags: ['groups', 'top', 'faces', 'minScore', 'source', 'qualityControl', ...DETECTION],
    toWork: ({ groups, top, faces, minScore, source, ...options }) => ({
      search: {
        groupIds: needed(groups, '--groups', 'search'),
        detection: detectionOf(options),
        ...qualityOf(options),
        ...(top === undefined ? {} : { maxCandidates: top }),
        ...(faces === undefined ? {} : { maxFaces: faces }),
        ...(minScore === undefined ? {} : { minimumScore: minScore }),
        ...(source === undefined ? {} : { source }),
      },
    }),
  },
  enrol: {
    flags: ['group', 'uniqueness', 'qualityControl', ...DETECTION],
    toWork: ({ group, uniqueness, ...options }) => ({
      enrol: {
        groupId: needed(group, '--group', 'enrol'),
        detection: detectionOf(options),
        ...qualityOf(options),
        ...(uniqueness === undefined ? {} : { uniquenessControl: chosenUniqueness(uniqueness) }),
      },
    }),
  },
  cluster: {
    flags: ['minScore', ...DETECTION],
    toWork: ({ minScore, ...options }) => ({
      cluster: {
        detection: detectionOf(options),
        ...(minScore === undefined ? {} : { minimumScore: minScore }),
      },
    }),
  },
  duplicates: {
    flags: ['groups', 'minScore'],
    toWork: ({ groups, minScore }) => ({
      duplicateCheck: {
        groupIds: needed(groups, '--groups', 'duplicates'),
        ...(minScore === undefined ? {} : { minimumScore: minScore }),
      },
    }),
  },
};

/** Adds the options that say what a job does. */
export function withWork(command: Command): Command {
  return command
    .optionsGroup('Work:')
    .addOption(
      new Option('--work <work>', 'what to do; a cluster takes all photos together, duplicates take none')
        .choices(Object.keys(WORKS))
        .default('detect'),
    )
    .option(
      '--features <a,b>',
      `detect: of ${FEATURES.join(', ')}; all but mesh and template unless given, none for boxes alone`,
      commaSeparated,
    )
    .option('--threshold <score>', "liveness: 0..100, instead of the model's own", score)
    .option('--groups <a,b>', 'search, duplicates: in these groups', commaSeparated)
    .option('--group <id>', 'enrol: that everybody joins')
    .option('--top <n>', 'search: candidates for each face, 1..100; 5 unless given', wholeNumber)
    .option('--faces <n>', 'search: faces of each photo, 1..10; 1 unless given', wholeNumber)
    .option('--min-score <score>', 'search, cluster, duplicates: from this score on, 0..100', score)
    .option('--source <name>', 'search, liveness: where the photos come from; rules are checked')
    .addOption(uniquenessOption().default(undefined))
    .addOption(qualityOption().default(undefined))
    .option('--max-faces <n>', 'only the n largest faces, at most 120', wholeNumber)
    .option('--min-face-size <pixels>', 'smallest face to look for, 20 or more', wholeNumber)
    .option('--rotate', 'also look at the photos turned by 90, 180 and 270 degrees');
}

/** What was asked for. Throws when an option does not go with the work, or one is missing. */
export function chosenWork(options: WorkOptions): JobWork {
  const work = WORKS[options.work];
  if (work === undefined) {
    throw new CommandError(`no work is called ${options.work}`);
  }
  const { flags } = work;
  const given = (Object.keys(options) as Flag[]).filter((flag) => options[flag] !== undefined);
  const all: ReadonlySet<string> = new Set(Object.values(WORKS).flatMap((other) => other.flags));
  const unfit = given.find((flag) => all.has(flag) && !flags.includes(flag));
  if (unfit !== undefined) {
    throw new CommandError(`--${kebab(unfit)} does not go with --work ${options.work}`);
  }
  return work.toWork(options);
}

function needed<T>(value: T | undefined, flag: string, work: string): T {
  if (value === undefined) {
    throw new CommandError(`--work ${work} needs ${flag}`);
  }
  return value;
}

function featuresOf({
  features = ['landmarks', 'quality', 'attributes', 'liveness'],
}: WorkOptions): Record<(typeof FEATURES)[number], boolean> {
  const known: readonly string[] = [...FEATURES, 'none'];
  const unknown = features.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new CommandError(`no feature is called ${unknown}: ${known.join(', ')}`);
  }
  return {
    landmarks: features.includes('landmarks'),
    mesh: features.includes('mesh'),
    quality: features.includes('quality'),
    attributes: features.includes('attributes'),
    liveness: features.includes('liveness'),
    template: features.includes('template'),
  };
}

function detectionOf(options: Pick<WorkOptions, 'maxFaces' | 'minFaceSize' | 'rotate'>): DetectionOptions {
  const { maxFaces = 0, minFaceSize = 0, rotate = false } = options;
  return { maxFaces, minFaceSize, rotationSearch: rotate };
}

function qualityOf({ qualityControl }: Pick<WorkOptions, 'qualityControl'>): { qualityControl?: number } {
  return qualityControl === undefined ? {} : { qualityControl: Number(qualityControl) };
}

function kebab(flag: string): string {
  return flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
