import { MienError } from '@mien/errors';
import type { ConsumerInfo } from '@nats-io/jetstream';
import type { LaneName, StageName } from './catalog';
import type { Bus } from './connection';
import { consumerOf, streamOf, workSubject } from './subjects';

/** How much work a lane of a stage has before it. */
export interface LaneDepth {
  /** Jobs that no worker has taken yet. */
  readonly waiting: number;
  /** Jobs that a worker has taken or that wait for another attempt. */
  readonly taken: number;
}

/** A lane's depth, and how long its queue is in time. */
export interface LaneLoad extends LaneDepth {
  /** How long the oldest of the waiting jobs has waited, in milliseconds; 0 when none waits. */
  readonly oldestMs: number;
  /** Deliveries to workers since the lane was made: how many more there are after a while is how fast it is emptied. */
  readonly delivered: number;
}

/** Asks the server. Throws BUS_UNAVAILABLE. */
export async function laneDepth(bus: Bus, stage: StageName, lane: LaneName): Promise<LaneDepth> {
  return depthOf(await infoOf(bus, stage, lane));
}

/** As laneDepth, with one question more where jobs wait. */
export async function laneLoad(bus: Bus, stage: StageName, lane: LaneName): Promise<LaneLoad> {
  const info = await infoOf(bus, stage, lane);
  const depth = depthOf(info);
  const oldestMs = depth.waiting === 0 ? 0 : await oldestWaitMs(bus, stage, lane, info);
  return { ...depth, oldestMs, delivered: info.delivered.consumer_seq };
}

async function infoOf(bus: Bus, stage: StageName, lane: LaneName): Promise<ConsumerInfo> {
  try {
    return await bus.jsm.consumers.info(streamOf(stage), consumerOf(stage, lane));
  } catch (error) {
    throw unknown(error);
  }
}

function depthOf(info: ConsumerInfo): LaneDepth {
  return { waiting: info.num_pending, taken: info.num_ack_pending };
}

/** The first message behind those that were delivered is the next to be. */
async function oldestWaitMs(bus: Bus, stage: StageName, lane: LaneName, info: ConsumerInfo): Promise<number> {
  const query = { seq: info.delivered.stream_seq + 1, next_by_subj: workSubject(stage, lane) };
  try {
    const oldest = await bus.jsm.streams.getMessage(streamOf(stage), query);
    return oldest === null ? 0 : Math.max(0, Date.now() - oldest.time.getTime());
  } catch (error) {
    throw unknown(error);
  }
}

function unknown(cause: unknown): MienError {
  return new MienError('BUS_UNAVAILABLE', 'the queue depth is not known', { cause });
}
