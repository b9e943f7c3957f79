import { MienError } from '@mien/errors';
import type { LaneName, StageName } from './catalog';
import type { Bus } from './connection';
import { consumerOf, streamOf } from './subjects';

/** How much work a lane of a stage has before it. */
export interface LaneDepth {
  /** Jobs that no worker has taken yet. */
  readonly waiting: number;
  /** Jobs that a worker has taken or that wait for another attempt. */
  readonly taken: number;
}

/** Asks the server. Throws BUS_UNAVAILABLE. */
export async function laneDepth(bus: Bus, stage: StageName, lane: LaneName): Promise<LaneDepth> {
  try {
    const info = await bus.jsm.consumers.info(streamOf(stage), consumerOf(stage, lane));
    return { waiting: info.num_pending, taken: info.num_ack_pending };
  } catch (error) {
    throw new MienError('BUS_UNAVAILABLE', 'the queue depth is not known', { cause: error });
  }
}
