import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STAGE_NAMES } from '@mien/bus';
import { type ProcessPlatform, startProcessEach } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import { packagedPhotos } from '../photos/packaged';
import { defaultModelPack } from '../photos/repository';
import { concurrently } from './concurrently';
import { AnswerCounter } from './faults/answer-counter';
import { BROKEN_PHOTOS } from './faults/broken-photos';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';

const JOBS = 200;
/** A stage is killed whenever so many more jobs are answered. */
const JOBS_PER_KILL = 10;
const FEATURES = {
  landmarks: true,
  quality: true,
  attributes: true,
  liveness: true,
  template: true,
} as const;

export const benchmark: Benchmark = {
  name: 'faults',
  goal:
    `kill -9 of any stage during ${JOBS} jobs loses none and answers each exactly once; broken photos get their ` +
    'typed error and the line stays up',
  async run(context) {
    const dataDir = await mkdtemp(join(tmpdir(), 'mien-faults-'));
    const manifest = defaultModelPack();
    const settings = {
      MIEN_DATA_DIR: dataDir,
      MIEN_MODEL_PACK: manifest,
      MIEN_GATEWAY_AUTH: 'none',
      MIEN_GATEWAY_GRPC_PORT: '0',
      MIEN_GATEWAY_HTTP_PORT: '0',
    };
    const platform = await startProcessEach({ ...process.env, ...settings }, () => undefined);
    const client = new MienClient(platform.grpcAddress, { timeoutMs: 120_000, retries: 0 });
    try {
      return await measure(platform, client, context);
    } finally {
      client.close();
      await platform.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};

async function measure(
  platform: ProcessPlatform,
  client: MienClient,
  context: BenchmarkContext,
): Promise<Outcome> {
  const counter = await AnswerCounter.listen(platform.natsUrl, platform.natsNkeyFile ?? '');
  const killed = await killDuringJobs(platform, client, context);
  const answers = await counter.stop();
  context.print(
    `${killed.kills} kills; ${killed.right} of ${JOBS} jobs answered rightly; wrong: ${killed.wrong.join('; ') || 'none'}`,
  );
  context.print(
    `answers on the bus: ${answers.jobs} jobs, ${answers.repeated} repeated and dropped by the gateway`,
  );
  const broken = await tryBrokenPhotos(client, context);
  const pass = killed.right === JOBS && answers.jobs === JOBS && broken.failures.length === 0;
  return {
    pass,
    figures: {
      jobs: JOBS,
      kills: killed.kills,
      answeredRightly: killed.right,
      lost: JOBS - answers.jobs,
      repeatedOnTheBus: answers.repeated,
      brokenPhotos: BROKEN_PHOTOS.length,
      brokenPhotosFailed: broken.failures,
    },
  };
}

async function killDuringJobs(platform: ProcessPlatform, client: MienClient, { progress }: BenchmarkContext) {
  const photos = await Promise.all(
    packagedPhotos().map(async ({ path, people }) => ({ bytes: await readFile(path), people })),
  );
  const jobs = Array.from({ length: JOBS }, (_, index) => photos[index % photos.length]).flatMap(
    (job) => job ?? [],
  );
  const wrong: string[] = [];
  let answered = 0;
  let kills = 0;
  await concurrently(jobs, 8, async ({ bytes, people }) => {
    const { faces } = await client.detect(bytes, { features: FEATURES }).catch((error: Error) => {
      wrong.push(error.message);
      return { faces: [] };
    });
    const whole = faces.filter(
      (face) => face.landmarks && face.quality && face.attributes && face.liveness && face.template,
    );
    if (whole.length !== people) {
      wrong.push(`${whole.length} faces in place of ${people}`);
    }
    answered++;
    progress('jobs', answered, JOBS);
    if (answered % JOBS_PER_KILL === 0 && answered < JOBS) {
      kills += kill(platform, kills) ? 1 : 0;
    }
  });
  return { kills, wrong, right: JOBS - wrong.length };
}

/** The stages in turn, one after the other. */
function kill(platform: ProcessPlatform, turn: number): boolean {
  const stage = STAGE_NAMES[turn % STAGE_NAMES.length];
  const pid = stage === undefined ? undefined : platform.pidOf(stage);
  return pid !== undefined && process.kill(pid, 'SIGKILL');
}

async function tryBrokenPhotos(client: MienClient, { print }: BenchmarkContext) {
  const failures: string[] = [];
  for (const { name, make, reason } of BROKEN_PHOTOS) {
    const got = await client.detect(await make()).then(
      () => 'an answer',
      (error: { reason?: string }) => error.reason ?? String(error),
    );
    print(`${name}: ${got}${got === reason ? '' : `, not ${reason}`}`);
    if (got !== reason) {
      failures.push(name);
    }
    const [good] = packagedPhotos();
    if (good !== undefined && (await client.detect(good.path)).faces.length !== good.people) {
      failures.push(`the photo after ${name}`);
    }
  }
  return { failures };
}
