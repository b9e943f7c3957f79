import { gamma, type Random } from './random';
import type { Timeline } from './timeline';

export interface StationSettings {
  readonly name: string;
  /** Mean time of a job, and its variance over the squared mean. */
  readonly serviceSeconds: number;
  readonly serviceVariability: number;
  readonly jobsPerPod: number;
  /** At the beginning, ready. */
  readonly pods: number;
  /** From being wanted until being ready. */
  readonly startSeconds: number;
  /** After which a job of a pod that died is given to another. */
  readonly ackWaitSeconds: number;
}

interface Pod {
  readonly node: number;
  ready: boolean;
  /** Takes no more jobs. */
  leaving: boolean;
  lost: boolean;
  readonly jobs: Set<Job>;
}

/** Something to do, and whom to tell that it is done. */
export interface Job {
  readonly done: () => void;
}

/** A service: one queue, and pods on nodes that take from it. */
export class Station {
  private readonly queue: Job[] = [];
  private queueHead = 0;
  private pods: Pod[] = [];
  private working = 0;
  private busySecondsUntil = 0;
  private busySince = 0;

  constructor(
    readonly settings: StationSettings,
    private readonly nodes: Set<number>,
    private readonly timeline: Timeline,
    private readonly random: Random,
  ) {
    for (let made = 0; made < settings.pods; made += 1) {
      this.pods.push(this.newPod(true));
    }
  }

  get waiting(): number {
    return this.queue.length - this.queueHead;
  }

  /** As KEDA's scaler has it: what waits and what is worked on, jobs of lost pods included. */
  get lag(): number {
    return this.waiting + this.working;
  }

  get readyPods(): number {
    return this.pods.filter(({ ready, lost, leaving }) => ready && !lost && !leaving).length;
  }

  /** Those that Kubernetes counts: it does not know yet which were lost. */
  get wantedPods(): number {
    return this.pods.filter(({ leaving }) => !leaving).length;
  }

  /** Seconds that jobs were worked on up to now, all pods together. */
  get busySeconds(): number {
    return this.busySecondsUntil + this.working * (this.timeline.now - this.busySince);
  }

  put(job: Job): void {
    this.queue.push(job);
    this.dispatch();
  }

  /** Pods are made, or go once they have done what they work on; those that are not ready go first. */
  scale(wanted: number): void {
    for (let more = wanted - this.wantedPods; more > 0; more -= 1) {
      this.start();
    }
    const leavers = this.pods
      .filter(({ leaving }) => !leaving)
      .sort((a, b) => Number(a.ready) - Number(b.ready) || a.jobs.size - b.jobs.size);
    for (const pod of leavers.slice(0, Math.max(0, leavers.length - wanted))) {
      pod.leaving = true;
    }
    this.pods = this.pods.filter(({ leaving, jobs }) => !leaving || jobs.size > 0);
  }

  /** What its pods worked on goes to others when the bus has waited long enough for it. */
  loseNode(node: number): void {
    for (const pod of this.pods.filter((one) => one.node === node)) {
      pod.lost = true;
      for (const job of pod.jobs) {
        this.timeline.in(this.settings.ackWaitSeconds, () => {
          this.changeWorking(-1);
          this.put(job);
        });
      }
      pod.jobs.clear();
    }
  }

  /** Kubernetes has noticed: as many new pods as were lost. */
  replaceLost(): void {
    const lost = this.pods.filter((pod) => pod.lost && !pod.leaving).length;
    this.pods = this.pods.filter((pod) => !pod.lost);
    for (let made = 0; made < lost; made += 1) {
      this.start();
    }
  }

  private start(): void {
    const pod = this.newPod(false);
    this.pods.push(pod);
    this.timeline.in(this.settings.startSeconds, () => {
      pod.ready = true;
      this.dispatch();
    });
  }

  /** On the node with the fewest of this service, as topology spread has it. */
  private newPod(ready: boolean): Pod {
    const counts = [...this.nodes].map((node) => ({
      node,
      pods: this.pods.filter((pod) => pod.node === node && !pod.leaving).length,
    }));
    const [{ node } = { node: 0 }] = counts.sort((a, b) => a.pods - b.pods);
    return { node, ready, leaving: false, lost: false, jobs: new Set() };
  }

  private dispatch(): void {
    while (this.waiting > 0) {
      const pod = this.freePod();
      const job = this.queue[this.queueHead];
      if (pod === undefined || job === undefined) {
        return;
      }
      this.takeFirst();
      this.work(pod, job);
    }
  }

  private freePod(): Pod | undefined {
    return this.pods.find(
      ({ ready, leaving, lost, jobs }) => ready && !leaving && !lost && jobs.size < this.settings.jobsPerPod,
    );
  }

  /** What has been taken is cut off now and then, not each time. */
  private takeFirst(): void {
    this.queueHead += 1;
    if (this.queueHead > 1_000 && this.queueHead * 2 > this.queue.length) {
      this.queue.splice(0, this.queueHead);
      this.queueHead = 0;
    }
  }

  private work(pod: Pod, job: Job): void {
    pod.jobs.add(job);
    this.changeWorking(1);
    const { serviceSeconds, serviceVariability } = this.settings;
    this.timeline.in(gamma(this.random, serviceSeconds, serviceVariability), () => {
      if (!pod.jobs.delete(job)) {
        return;
      }
      this.changeWorking(-1);
      if (pod.leaving && pod.jobs.size === 0) {
        this.pods = this.pods.filter((one) => one !== pod);
      }
      job.done();
      this.dispatch();
    });
  }

  private changeWorking(by: number): void {
    this.busySecondsUntil = this.busySeconds;
    this.busySince = this.timeline.now;
    this.working += by;
  }
}
