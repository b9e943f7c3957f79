import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { MienClient, MienError } from '@mien/sdk';
import { defaultModelPack } from '../photos/repository';
import { singleFaces, variant } from '../photos/single-faces';
import { concurrently } from './concurrently';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { contest } from './kill-enrol/concurrent-writers';
import { damageIn, KillableLibrary } from './kill-enrol/library-process';

const ENROLMENTS = 1_000;
const SMALL = 100;
const AT_ONCE = 8;
/** A kill comes after 20 to 60 more answers. */
const ANSWERS_PER_KILL = { least: 20, spread: 40 };
/** The shortest that the library takes: after it what a killed process left half done counts as abandoned. */
const LEASE_SECONDS = 60;
/** Its crop and its photo. */
const BLOBS_PER_FACE = 2;
const FOLLOWED_WITHIN_MS = 60_000;
/** The same person in a picture of other brightness. */
const SURE_SCORE = 90;

export const benchmark: Benchmark = {
  name: 'kill-enrol',
  goal:
    `of ${ENROLMENTS} enrolments with the library killed at random moments, each that was acknowledged is there and ` +
    'found; no half person, no orphan vector or blob; fifty writers of one person leave one consistent state ' +
    `(--small: ${SMALL})`,
  async run(context) {
    const dataDir = await mkdtemp(join(tmpdir(), 'mien-kill-enrol-'));
    const library = await KillableLibrary.start({
      ...process.env,
      MIEN_DATA_DIR: dataDir,
      MIEN_MODEL_PACK: defaultModelPack(),
      MIEN_GATEWAY_AUTH: 'none',
      MIEN_GATEWAY_GRPC_PORT: '0',
      MIEN_GATEWAY_HTTP_PORT: '0',
      MIEN_LIBRARY_KEEP_PHOTOS: 'true',
      MIEN_LIBRARY_ENROLMENT_LEASE_SECONDS: String(LEASE_SECONDS),
    });
    const client = new MienClient(library.platform.grpcAddress, { timeoutMs: 120_000, retries: 0 });
    try {
      return await measure(library, client, context);
    } finally {
      client.close();
      await library.platform.stop();
      await rm(dataDir, { recursive: true, force: true });
    }
  },
};

interface Enrolment {
  readonly id: string;
  readonly groupId: string;
  readonly photo: Buffer;
  /** Why it was refused; undefined when it was acknowledged. */
  readonly refusal?: string;
}

async function measure(
  library: KillableLibrary,
  client: MienClient,
  context: BenchmarkContext,
): Promise<Outcome> {
  const count = context.args.includes('--small') ? SMALL : ENROLMENTS;
  const pictures = await singleFaces(client);
  for (const number of pictures.keys()) {
    await client.library.createGroup({ id: groupOf(number), name: groupOf(number) });
  }
  const { enrolments, kills } = await enrolAndKill(library, client, pictures, count, context);
  await library.kill();
  const refused = enrolments.filter(({ refusal }) => refusal !== undefined);
  context.print(`${count} enrolments, ${kills + 1} kills, ${refused.length} refused`);
  const faults = await lookAtEach(client, enrolments, context);
  const contested = await contest(client, pictures[0] ?? Buffer.alloc(0));
  const damage = await damageAfterLease(library, context);
  const found = [...faults, ...contested.faults, ...damage];
  for (const fault of found.slice(0, 20)) {
    context.print(`  ${fault}`);
  }
  return {
    pass: found.length === 0,
    figures: {
      enrolments: count,
      kills: kills + 1,
      refused: refused.length,
      refusals: [...new Set(refused.map(({ refusal }) => refusal))],
      lostOrHalf: faults.length,
      writersOfOnePerson: contested.writers,
      contradictions: contested.faults,
      damage,
    },
  };
}

function groupOf(picture: number): string {
  return `people-${picture}`;
}

async function enrolAndKill(
  library: KillableLibrary,
  client: MienClient,
  pictures: readonly Buffer[],
  count: number,
  { progress }: BenchmarkContext,
): Promise<{ enrolments: Enrolment[]; kills: number }> {
  let answered = 0;
  let kills = 0;
  let nextKill = killAfter(0);
  let killing: Promise<unknown> = Promise.resolve();
  const enrolments = await concurrently(
    Array.from({ length: count }, (_, number) => number),
    AT_ONCE,
    async (number) => {
      const at = number % pictures.length;
      const photo = await variant(pictures[at] ?? Buffer.alloc(0), Math.floor(number / pictures.length));
      const enrolment = { id: `person-${number}`, groupId: groupOf(at), photo };
      const refusal = await enrol(client, enrolment);
      answered += 1;
      progress('enrolled', answered, count);
      if (answered >= nextKill) {
        nextKill = killAfter(answered);
        kills += 1;
        killing = killing.then(() => delay(Math.random() * 100)).then(() => library.kill());
      }
      return refusal === undefined ? enrolment : { ...enrolment, refusal };
    },
  );
  await killing;
  return { enrolments, kills };
}

function killAfter(answered: number): number {
  return answered + ANSWERS_PER_KILL.least + Math.floor(Math.random() * ANSWERS_PER_KILL.spread);
}

async function enrol(client: MienClient, { id, groupId, photo }: Enrolment): Promise<string | undefined> {
  try {
    await client.library.createPerson({ id, groupId, name: id }, photo);
    return undefined;
  } catch (error) {
    return error instanceof MienError ? error.reason : String(error);
  }
}

/** Each acknowledged one is there with its face and is found; each refused one is there whole or not at all. */
async function lookAtEach(
  client: MienClient,
  enrolments: readonly Enrolment[],
  { progress }: BenchmarkContext,
): Promise<string[]> {
  const faults: string[] = [];
  let done = 0;
  await concurrently(enrolments, AT_ONCE, async (enrolment) => {
    const fault = await look(client, enrolment);
    if (fault !== undefined) {
      faults.push(`${enrolment.id} (${enrolment.refusal ?? 'acknowledged'}): ${fault}`);
    }
    done += 1;
    progress('looked at', done, enrolments.length);
  });
  return faults;
}

async function look(
  client: MienClient,
  { id, groupId, photo, refusal }: Enrolment,
): Promise<string | undefined> {
  try {
    const { faces, memberships } = await client.library.getPerson(id);
    if (faces.length !== 1 || memberships.length !== 1) {
      return `${faces.length} faces, ${memberships.length} groups`;
    }
  } catch (error) {
    const missing = error instanceof MienError && error.reason === 'PERSON_NOT_FOUND';
    return missing && refusal !== undefined ? undefined : String(error);
  }
  const settings = { maxCandidates: 100, minimumScore: SURE_SCORE };
  const { results } = await client.library.search(photo, [groupId], settings);
  const candidates = results[0]?.candidates ?? [];
  return candidates.some(({ personId }) => personId === id) ? undefined : 'not found by a search';
}

/** What a killed process left half done is undone when its lease has ended: looked at until it is, or time is up. */
async function damageAfterLease(library: KillableLibrary, { print }: BenchmarkContext): Promise<string[]> {
  const deadline = Date.now() + LEASE_SECONDS * 1_000 + FOLLOWED_WITHIN_MS;
  for (;;) {
    const report = await library.check();
    const left = report.blobs - BLOBS_PER_FACE * report.templates;
    const damage = [
      ...damageIn(report),
      ...(left === 0 ? [] : [`${left} blobs of enrolments that never came to be`]),
    ];
    if (damage.length === 0 || Date.now() > deadline) {
      print(`${report.templates} templates, ${report.vectors} vectors, ${report.blobs} blobs`);
      return damage;
    }
    await delay(2_000);
  }
}
