import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { libraryModel } from '@mien/library';
import { findPostgres, PostgresServer } from '@mien/people/dist/testing/postgres-server';
import { type Platform, startInOneProcess } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import { checkLibrary } from '../operations/check-library';
import { defaultModelPack } from '../photos/repository';
import { concurrently } from './concurrently';
import type { Benchmark, BenchmarkContext } from './harness';
import { rounded } from './statistics';
import { syntheticFace } from './synthetic-faces';

const run = promisify(execFile);

const GROUP = 'restored';
const PERSONS = 20_000;
const AT_ONCE = 16;
const PROBES = 200;
/** Another photo of somebody than the one enrolled. */
const PROBE_SAMPLE = 1;

export const benchmark: Benchmark = {
  name: 'restore',
  goal:
    'a library on PostgreSQL, dumped and restored into an empty database, is sound again and finds everybody ' +
    '(--persons=N); how long each part takes',
  async run(context) {
    const binaries = findPostgres();
    if (binaries === undefined) {
      throw new Error('dumping and restoring need PostgreSQL, and none is installed here');
    }
    const folder = await mkdtemp(join(tmpdir(), 'mien-restore-'));
    const postgres = await PostgresServer.start(binaries);
    try {
      return await measure({ folder, postgres, binaries }, context);
    } finally {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Place {
  readonly folder: string;
  readonly postgres: PostgresServer;
  readonly binaries: string;
}

async function measure({ folder, postgres, binaries }: Place, context: BenchmarkContext) {
  const persons = Number(context.args.find((arg) => arg.startsWith('--persons='))?.slice(10) ?? PERSONS);
  const database = await postgres.newDatabase();
  await onPlatform(join(folder, 'before'), database, ({ client }) => enrolAll(client, persons, context));

  const dump = join(folder, 'people.dump');
  const dumpSeconds = await seconds(() =>
    run(join(binaries, 'pg_dump'), ['--format=custom', `--file=${dump}`, database]),
  );
  const restored = await postgres.newDatabase();
  const restoreSeconds = await seconds(() =>
    run(join(binaries, 'pg_restore'), ['--exit-on-error', '--dbname', restored, dump]),
  );
  const started = performance.now();
  return onPlatform(join(folder, 'after'), restored, async ({ client, platform }) => {
    const startSeconds = (performance.now() - started) / 1_000;
    const checkStarted = performance.now();
    const check = await checkLibrary(platform.libraryAddress, true);
    const checkSeconds = (performance.now() - checkStarted) / 1_000;
    const found = await foundAgain(client, persons);
    const { size } = await stat(dump);
    return {
      pass: found === PROBES && check.templates === persons && check.vectors === persons,
      figures: {
        persons,
        found: `${found}/${PROBES}`,
        dumpMb: rounded(size / 1e6, 1),
        dumpSeconds: rounded(dumpSeconds, 1),
        restoreSeconds: rounded(restoreSeconds, 1),
        startSeconds: rounded(startSeconds, 1),
        checkSeconds: rounded(checkSeconds, 1),
      },
    };
  });
}

interface Running {
  readonly platform: Platform;
  readonly client: MienClient;
}

async function onPlatform<T>(dataDir: string, database: string, work: (running: Running) => Promise<T>) {
  const platform = await startInOneProcess({
    ...process.env,
    MIEN_DATA_DIR: dataDir,
    MIEN_LIBRARY_DATABASE_URL: database,
    MIEN_MODEL_PACK: defaultModelPack(),
    MIEN_GATEWAY_GRPC_PORT: '0',
    MIEN_GATEWAY_HTTP_PORT: '0',
    MIEN_GATEWAY_AUTH: 'none',
    MIEN_LOG_LEVEL: 'error',
  });
  const client = new MienClient(platform.grpcAddress, { timeoutMs: 60_000 });
  try {
    return await work({ platform, client });
  } finally {
    client.close();
    await platform.stop();
  }
}

async function enrolAll(client: MienClient, persons: number, { progress }: BenchmarkContext): Promise<void> {
  await client.library.createGroup({ id: GROUP, name: GROUP });
  let done = 0;
  const numbers = Array.from({ length: persons }, (_, number) => number);
  await concurrently(numbers, AT_ONCE, async (number) => {
    const id = `person-${number}`;
    await client.library.createPerson({ groupId: GROUP, id, name: id }, template(number, 0));
    done += 1;
    if (done % 1_000 === 0) {
      progress('enrolled', done, persons);
    }
  });
}

async function foundAgain(client: MienClient, persons: number): Promise<number> {
  let found = 0;
  for (let probe = 0; probe < PROBES; probe += 1) {
    const number = Math.floor((probe * persons) / PROBES);
    const { results } = await client.library.search(template(number, PROBE_SAMPLE), [GROUP], {
      maxCandidates: 1,
    });
    found += results[0]?.candidates[0]?.personId === `person-${number}` ? 1 : 0;
  }
  return found;
}

const MODEL_VERSION = libraryModel(defaultModelPack(), []).version;

function template(identity: number, sample: number) {
  return { modelVersion: MODEL_VERSION, vector: [...syntheticFace(identity, sample)] };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}
