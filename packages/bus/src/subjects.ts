import { Lane } from '@mien/proto';
import type { LaneName, StageName } from './catalog';

/** Every name that Mien uses on the bus. */

export const DEAD_STREAM = 'MIEN_DEAD';
export const DEAD_SUBJECTS = 'mien.dead.*';
export const ADVISORY_STREAM = 'MIEN_ADVISORIES';
export const ADVISORY_CONSUMER = 'undertaker';

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

export function replySubject(client: string, job: string): string {
  return `mien.reply.${client}.${job}`;
}

/** Work without a lane is batch work: it must not slow anybody who waits. */
export function laneOf(lane: Lane): LaneName {
  return lane === Lane.LANE_INTERACTIVE ? 'interactive' : 'batch';
}

/** A job is queued for a stage once: the server drops a second message with the same id. */
export function messageId(job: string, stage: StageName): string {
  return `${job}:${stage}`;
}
