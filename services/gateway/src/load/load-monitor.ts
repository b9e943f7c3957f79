import {
  type Bus,
  LANES,
  type LaneLoad,
  type LaneName,
  laneLoad,
  STAGE_NAMES,
  type StageName,
} from '@mien/bus';
import { asMienError } from '@mien/errors';
import type { Logger } from 'pino';
import { LaneForecast } from './lane-forecast';

/** How the queues of the stages stand, as of the last second. */
export class LoadMonitor {
  private readonly lanes = new Map<string, LaneForecast>();
  private readonly timer: NodeJS.Timeout;
  private asking = false;

  constructor(
    private readonly bus: Bus,
    private readonly logger: Logger,
    intervalMs: number,
  ) {
    for (const [stage, lane] of allLanes()) {
      this.lanes.set(keyOf(stage, lane), new LaneForecast());
    }
    this.timer = setInterval(() => void this.ask(), intervalMs).unref();
  }

  /** Jobs that wait at the one of these stages where most do. */
  waiting(stages: readonly string[], lane: LaneName): number {
    return Math.max(0, ...stages.map((stage) => this.lanes.get(keyOf(stage, lane))?.waiting ?? 0));
  }

  /** How long a job that is put into the line now is going to wait at these stages, in milliseconds, as far as is known. */
  expectedWaitMs(stages: readonly string[], lane: LaneName): number {
    return stages.reduce((sum, stage) => sum + (this.lanes.get(keyOf(stage, lane))?.expectedWaitMs ?? 0), 0);
  }

  /** Every lane that answered when it was asked last. */
  known(): { readonly stage: StageName; readonly lane: LaneName; readonly load: LaneLoad }[] {
    return allLanes().flatMap(([stage, lane]) => {
      const load = this.lanes.get(keyOf(stage, lane))?.load;
      return load === undefined ? [] : [{ stage, lane, load }];
    });
  }

  /** Asks how the queues stand now. While the bus can't be reached, nothing is known of them. */
  async ask(): Promise<void> {
    if (this.asking) {
      return;
    }
    this.asking = true;
    try {
      const loads = await Promise.all(allLanes().map((lane) => this.loadOf(...lane)));
      for (const [index, [stage, lane]] of allLanes().entries()) {
        this.lanes.get(keyOf(stage, lane))?.hear(loads[index], performance.now());
      }
    } finally {
      this.asking = false;
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async loadOf(stage: StageName, lane: LaneName): Promise<LaneLoad | undefined> {
    try {
      return this.bus.connected ? await laneLoad(this.bus, stage, lane) : undefined;
    } catch (error) {
      this.logger.debug({ err: asMienError(error), stage, lane }, 'a queue could not be asked for its depth');
      return undefined;
    }
  }
}

function allLanes(): (readonly [StageName, LaneName])[] {
  return STAGE_NAMES.flatMap((stage) => LANES.map((lane) => [stage, lane] as const));
}

function keyOf(stage: string, lane: LaneName): string {
  return `${stage}.${lane}`;
}
