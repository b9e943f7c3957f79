import { readFileSync } from 'node:fs';
import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { Bus, LANES, STAGE_NAMES } from '@mien/bus';
import { descriptorSetPath } from '@mien/proto';
import { createLogger } from '@mien/service';
import fc from 'fast-check';
import { among, type Campaign, within } from '../campaign';
import type { FuzzTarget } from '../platform/fuzz-target';
import { MessageBytes } from '../protos/message-bytes';
import { tag, varint, WIRE } from '../protos/wire';

/** A message on the bus. */
export interface BusMessage {
  readonly subject: string;
  readonly body: Buffer;
}

/** Longer than the last attempt at a job takes to come. */
const SETTLE_MS = 120_000;
const POLL_MS = 250;
/** What no queue holds: who is spoken to hears it at once, or nobody does. */
const FLEETING = ['mien.reply.fuzz.x.y', 'mien.jobs.cancelled', 'mien.jobs.progress.x', 'mien.access.used'];
/** Written by the server and by those who bury, not by those who work. */
const NOT_QUEUES = /^(MIEN_DEAD|MIEN_ADVISORIES|OBJ_)/;

/** Garbage in the queues of the stages, and in everything else that the platform keeps on the bus. */
export async function busCampaign(
  target: FuzzTarget,
  photos: readonly Buffer[],
): Promise<{ campaign: Campaign<BusMessage>; close(): Promise<void> }> {
  const logger = createLogger({ service: 'fuzz', level: 'error' });
  const bus = await Bus.connect({ servers: [target.busUrl], name: 'fuzz', logger });
  const campaign: Campaign<BusMessage> = {
    name: 'bus',
    cases: messages(photos, [...(await keptSubjects(bus)), ...FLEETING]),
    attempt: async ({ subject, body }) => {
      bus.nc.publish(subject, body);
      await bus.nc.flush();
    },
    settle: () => within(SETTLE_MS, 'emptying the queues', emptied(bus, target)),
    describe: ({ subject, body }) => `${subject} base64 ${body.toString('base64')}`,
  };
  return { campaign, close: () => bus.close() };
}

function messages(photos: readonly Buffer[], subjects: readonly string[]): fc.Arbitrary<BusMessage> {
  const jobs = new MessageBytes(photos).of(jobDescriptor());
  const queued = fc
    .tuple(fc.constantFrom(...STAGE_NAMES), fc.constantFrom(...LANES), jobs, fc.nat(3))
    .map(([stage, lane, job, own]) => ({
      subject: `mien.work.${stage}.${lane}`,
      // Mostly for the stage that gets it, so that it looks further.
      body: own === 0 ? job : Buffer.concat([job, forStage(stage)]),
    }));
  const noise = among<Buffer>(
    [2, fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes))],
    [1, fc.json().map((text) => Buffer.from(text))],
    [2, jobs],
  );
  const elsewhere = fc
    .tuple(fc.constantFrom(...subjects), noise)
    .map(([subject, body]) => ({ subject, body }));
  return among([3, queued], [1, elsewhere]);
}

function jobDescriptor() {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptorSetPath)));
  const job = registry.getMessage('mien.line.v1.Job');
  if (job === undefined) {
    throw new Error('the contract has no job');
  }
  return job;
}

/** The itinerary of a job, as further entries of its field. */
function forStage(stage: string): Buffer {
  const itinerary = jobDescriptor().fields.find(({ name }) => name === 'itinerary');
  const name = Buffer.from(stage);
  return Buffer.concat([tag(itinerary?.number ?? 0, WIRE.bytes), varint(BigInt(name.length)), name]);
}

/** A subject of each kind that a stream keeps. */
async function keptSubjects(bus: Bus): Promise<string[]> {
  const streams = await bus.jsm.streams.list().next();
  return streams
    .filter(({ config }) => !NOT_QUEUES.test(config.name))
    .flatMap(({ config }) => config.subjects ?? [])
    .map((subject) => subject.replaceAll('*', 'fuzz').replace('>', 'fuzz.x'));
}

/** Every queue of a stage is empty: what could be done was done, all else is a dead letter. */
async function emptied(bus: Bus, target: FuzzTarget): Promise<void> {
  for (;;) {
    const waiting = await Promise.all(
      STAGE_NAMES.map(
        async (stage) => (await bus.jsm.streams.info(`MIEN_${stage.toUpperCase()}`)).state.messages,
      ),
    );
    if (waiting.every((count) => count === 0)) {
      return;
    }
    await target.expectHealthy();
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
