import { Lane } from '@mien/proto';
import type { LaneName, StageName } from './catalog';

/** Every name that Mien uses on the bus. */

export const DEAD_STREAM = 'MIEN_DEAD';
export const DEAD_SUBJECTS = 'mien.dead.*';
export const ADVISORY_STREAM = 'MIEN_ADVISORIES';
/** Of the time when all stages shared it. */
export const FORMER_ADVISORY_CONSUMER = 'undertaker';

/** Each stage buries its own dead: nobody else may read its queue. */
export function undertakerOf(stage: StageName): string {
  return `undertaker-${stage}`;
}

export function streamOf(stage: StageName): string {
  return `MIEN_${stage.toUpperCase()}`;
}

export function workSubject(stage: StageName, lane: LaneName): string {
  return `mien.work.${stage}.${lane}`;
}

export function consumerOf(stage: StageName, lane: LaneName): string {
  return `${stage}-${lane}`;
}

export function deadSubject(stage: string): string {
  return `mien.dead.${stage}`;
}

/** What the server says when a job was delivered as often as it may be and never acknowledged. */
export function maxDeliveriesSubject(stage: StageName): string {
  return `$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.${streamOf(stage)}.*`;
}

/** Answers to what one client of a connection submitted. */
export function replySubject(connection: string, client: string, job: string): string {
  return `mien.reply.${connection}.${client}.${job}`;
}

/** All answers to connections of a name. */
export function replySubjects(connection: string): string {
  return `mien.reply.${connection}.>`;
}

/** Work without a lane is batch work: it must not slow anybody who waits. */
export function laneOf(lane: Lane): LaneName {
  return lane === Lane.LANE_INTERACTIVE ? 'interactive' : 'batch';
}

/** A job is queued for a stage once: the server drops a second message with the same id. */
export function messageId(job: string, stage: StageName): string {
  return `${job}:${stage}`;
}
