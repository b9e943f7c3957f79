import { userNamed } from '../access/users';
import type { Bus } from '../connection';
import { Checker } from './checker';
import { Maker } from './maker';
import type { ConsumerPlan, StreamPlan } from './stream-plans';

/** Brings a server's streams and consumers to what plans say. Throws BUS_UNAVAILABLE where the two differ in the end. */
export interface SetUp {
  stream(plan: StreamPlan): Promise<void>;
  consumer(stream: string, plan: ConsumerPlan): Promise<void>;
  /** That a consumer of earlier versions, which would be in the way, is gone. */
  withoutConsumer(stream: string, name: string): Promise<void>;
}

export interface ProvisionOptions {
  /** Copies of each stream in a NATS cluster; 1 unless given. */
  readonly replicas?: number;
  /**
   * `check` only looks whether everything is as it should be, and only at what the connection's user may see; `make`,
   * unless given, brings it there.
   */
  readonly mode?: ProvisionMode;
  /** How long a check waits for what is not there yet; not at all unless given. */
  readonly waitMs?: number;
}

export type ProvisionMode = 'make' | 'check';

/** Any number of processes may set a server up at once. */
export function setUpOn(bus: Bus, { mode = 'make', waitMs = 0 }: ProvisionOptions): SetUp {
  return mode === 'make' ? new Maker(bus) : new Checker(bus, userNamed(bus.name), waitMs);
}
