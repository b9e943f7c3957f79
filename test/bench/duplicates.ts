import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuplicateCheckWork, estimateCheck, type Library, libraryModel, openLibrary } from '@mien/library';
import { type DuplicatePair, openPglitePeopleStore } from '@mien/people';
import { createLogger } from '@mien/service';
import { LocalDiskStore } from '@mien/stores';
import { EmbeddedIndexes } from '@mien/vectors';
import { defaultModelPack } from '../photos/repository';
import { fillLibrary, keptLibrary, PLANTED_GROUP } from './duplicates/planted-library';
import { type Plan, planOf } from './duplicates/planted-persons';
import { SearchClock } from './duplicates/search-clock';
import type { Benchmark, BenchmarkContext } from './harness';
import { rounded } from './statistics';
import { syntheticFace } from './synthetic-faces';

const GOAL = { found: 0.99, false: 0.01, seconds: 300 } as const;
const FULL = { faces: 100_000, duplicates: 1_000 } as const;
const SMALL = { faces: 5_000, duplicates: 50 } as const;
/** What a check takes that is told nothing. */
const SCORE = 70;
/** The score whose false-accept rate is 1e-5: how many strangers reach it among so many faces. */
const LOWER_SCORE = 60;
const PAIRS_AT_ONCE = 1_000;
/** A photo of somebody that nobody was enrolled with. */
const SEARCHED_SAMPLE = 9;
const IDLE_SEARCHES_MS = 5_000;

export const benchmark: Benchmark = {
  name: 'duplicates',
  goal:
    `of 1,000 persons who are enrolled twice among 100,000 faces, ${GOAL.found * 100} % found at score ${SCORE}, under ` +
    `${GOAL.false * 100} % false, in ${GOAL.seconds} s (--small: 50 among 5,000; --library=FOLDER keeps the library)`,
  async run(context) {
    const { faces, duplicates } = context.args.includes('--small') ? SMALL : FULL;
    const plan = planOf(faces, duplicates);
    const kept = keptLibrary(context.args);
    const folder = kept ?? (await mkdtemp(join(tmpdir(), 'mien-duplicates-')));
    const model = libraryModel(defaultModelPack(), []);
    await fillLibrary(folder, plan, model.version, context);
    const people = await openPglitePeopleStore({ folder: join(folder, 'people') });
    const library = await openLibrary({
      people,
      vectorIndexes: new EmbeddedIndexes(),
      objects: await LocalDiskStore.open({ folder: join(folder, 'objects') }),
      model,
      settings: { enrolmentLeaseSeconds: 600, keepPhotos: false, facesPerSearch: 3_000_000 },
      logger: createLogger({ service: 'bench', level: 'warn' }),
      shared: false,
    });
    try {
      return await measure(library, plan, context);
    } finally {
      await library.close();
      if (kept === undefined) {
        await rm(folder, { recursive: true, force: true });
      }
    }
  },
};

async function measure(library: Library, plan: Plan, context: BenchmarkContext) {
  const modelVersion = library.model.version;
  const faces = (await library.people.sizeOfGroups([PLANTED_GROUP])).faces;
  const search = (turn: number) =>
    library.index.nearest(syntheticFace(turn % plan.persons.length, SEARCHED_SAMPLE), {
      groupIds: [PLANTED_GROUP],
      modelVersion,
      count: 5,
    });
  const idleClock = new SearchClock(search, 50);
  idleClock.start();
  await new Promise((resolve) => setTimeout(resolve, IDLE_SEARCHES_MS));
  const idle = await idleClock.stop();
  const estimate = await estimateCheck(library, {
    groupIds: [PLANTED_GROUP],
    modelVersion,
    minimumScore: LOWER_SCORE,
  });
  const busyClock = new SearchClock(search, 50);
  const { duplicateChecks } = library.people;
  const check = await duplicateChecks.create({ groupIds: [PLANTED_GROUP], minimumScore: LOWER_SCORE });
  busyClock.start();
  const started = performance.now();
  await new DuplicateCheckWork(library).runNext(new AbortController().signal);
  const seconds = (performance.now() - started) / 1_000;
  const busy = await busyClock.stop();
  const { state, facesDone } = await duplicateChecks.get(check.id);
  const pairs = await pairsOf(library, check.id);
  const high = judged(
    pairs.filter(({ score }) => score >= SCORE),
    plan,
  );
  const lower = judged(pairs, plan);
  for (const [score, { found, reported, strangers }] of [
    [SCORE, high],
    [LOWER_SCORE, lower],
  ] as const) {
    context.print(
      `score ${score}: ${reported} pairs, ${(found * 100).toFixed(2)} % of the duplicates found, ${strangers} pairs of strangers`,
    );
  }
  context.print(
    `${facesDone} of ${faces} faces in ${seconds.toFixed(1)} s (${estimate.seconds.toFixed(1)} s estimated); searches ` +
      `p50 ${idle.p50.toFixed(1)} ms, p99 ${idle.p99.toFixed(1)} ms before, ${busy.p50.toFixed(1)} and ${busy.p99.toFixed(1)} ms meanwhile`,
  );
  const falseShare = high.strangers / Math.max(1, high.reported);
  const pass =
    state === 'done' && high.found >= GOAL.found && falseShare < GOAL.false && seconds <= GOAL.seconds;
  return {
    pass,
    figures: {
      faces,
      seconds: rounded(seconds, 1),
      estimatedSeconds: rounded(estimate.seconds, 1),
      found: rounded(high.found, 4),
      falseShare: rounded(falseShare, 4),
      foundAtLowerScore: rounded(lower.found, 4),
      strangersAtLowerScore: lower.strangers,
      idleSearchP50Ms: rounded(idle.p50, 1),
      idleSearchP99Ms: rounded(idle.p99, 1),
      busySearchP50Ms: rounded(busy.p50, 1),
      busySearchP99Ms: rounded(busy.p99, 1),
    },
  };
}

async function pairsOf({ people }: Library, id: string): Promise<readonly DuplicatePair[]> {
  const pairs: DuplicatePair[] = [];
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const page: Awaited<ReturnType<typeof people.duplicateChecks.pairs>> = await people.duplicateChecks.pairs(
      id,
      { size: PAIRS_AT_ONCE, cursor },
    );
    pairs.push(...page.entries);
    cursor = page.nextCursor;
  }
  return pairs;
}

/** The share of the duplicates that are among the pairs, and how many of the pairs are none. */
function judged(pairs: readonly DuplicatePair[], plan: Plan) {
  const planted = new Set(plan.duplicates.map(keyOf));
  const right = pairs.filter(({ first, second }) => planted.has(keyOf([first.personId, second.personId])));
  return {
    reported: pairs.length,
    found: right.length / planted.size,
    strangers: pairs.length - right.length,
  };
}

function keyOf([a, b]: readonly [string, string]): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
