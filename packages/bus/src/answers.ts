import { type MienError, toProblem } from '@mien/errors';
import type { Job } from '@mien/proto';
import type { StageName } from './catalog';
import type { Bus } from './connection';
import { dropUnneeded } from './crops';
import type { Envelopes } from './envelope';
import { laneOf, messageId, workSubject } from './subjects';
import { injectTrace } from './telemetry/tracing';

/** Queues the job for a stage and waits until the server has stored it. */
export async function queueFor(bus: Bus, envelopes: Envelopes, stage: StageName, job: Job): Promise<void> {
  dropUnneeded(job);
  job.enqueuedAt = new Date();
  const sealed = await envelopes.seal(job);
  injectTrace(sealed.headers);
  await bus.js.publish(workSubject(stage, laneOf(job.lane)), sealed.payload, {
    headers: sealed.headers,
    msgID: messageId(job.id, stage),
  });
}

/** Sends the finished job to whoever submitted it. */
export async function answer(bus: Bus, envelopes: Envelopes, job: Job): Promise<void> {
  if (job.replyTo === '') {
    return;
  }
  job.itinerary = [];
  dropUnneeded(job);
  const sealed = await envelopes.seal(job);
  injectTrace(sealed.headers);
  bus.nc.publish(job.replyTo, sealed.payload, { headers: sealed.headers });
}

/** Tells whoever submitted the job that it failed as a whole. */
export function answerFailed(
  bus: Bus,
  envelopes: Envelopes,
  job: Job,
  error: MienError,
  stage: string,
): Promise<void> {
  return answer(bus, envelopes, { ...job, problem: toProblem(error, stage) });
}
