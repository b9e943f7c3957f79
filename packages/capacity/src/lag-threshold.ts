export interface PodOfStage {
  /** Jobs that a pod works on at once. */
  readonly concurrency: number;
  /** Jobs that a pod deals with in a second: its sure cores over the processor seconds of a job, or as measured. */
  readonly jobsPerSecond: number;
}

/**
 * KEDA's lagThreshold for a stage: jobs for each pod, those that it works on and those that it deals with in the wanted
 * waiting time. KEDA wants ceil(lag / threshold) pods, and its lag counts what waits and what is worked on
 * (num_pending + num_ack_pending); with that many pods, what came last waits no longer than wanted. The chart computes
 * the same.
 */
export function lagThreshold(pod: PodOfStage, wantedWaitSeconds: number): number {
  return pod.concurrency + Math.floor(pod.jobsPerSecond * wantedWaitSeconds);
}

/** The jobs a second of a pod that is sure of so many cores. */
export function jobsPerSecondOf(cores: number, cpuSecondsPerJob: number): number {
  return cores / cpuSecondsPerJob;
}
