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

/**
 * Makes the finished job ready for whoever submitted it; sending it is left to the caller, who may put it into
 * one write to the server with what follows.
 */
export async function prepareAnswer(bus: Bus, envelopes: Envelopes, job: Job): Promise<() => void> {
  if (job.replyTo === '') {
    return () => undefined;
  }
  job.itinerary = [];
  dropUnneeded(job);
  const sealed = await envelopes.seal(job);
  injectTrace(sealed.headers);
  return () => bus.answers.send(job.replyTo, sealed.payload, sealed.headers);
}

/** Tells whoever submitted the job that it failed as a whole. */
export async function answerFailed(
  bus: Bus,
  envelopes: Envelopes,
  job: Job,
  error: MienError,
  stage: string,
): Promise<void> {
  const send = await prepareAnswer(bus, envelopes, { ...job, problem: toProblem(error, stage) });
  send();
}
