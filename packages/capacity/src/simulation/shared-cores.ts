/** A part of a line whose services all share the cores of one machine. */
export interface SharedStage {
  /** Of one core. */
  readonly workSeconds: number;
  /** Jobs that it works on at once; others wait for their turn. */
  readonly jobsAtOnce: number;
}

export interface SharedLine {
  readonly cores: number;
  /** In the order in which jobs meet them. */
  readonly stages: readonly SharedStage[];
  /** Work for a job that is left to do when it has been answered. */
  readonly afterwardsSeconds: number;
}

interface Job {
  readonly arrived: number;
  stage: number;
  left: number;
}

/** Seconds until each job is answered that arrives at one of the times, in the order of the answers. */
export function timesOnSharedCores(arrivals: readonly number[], line: SharedLine): number[] {
  const coming = [...arrivals].sort((a, b) => a - b);
  const machine = new Machine(line);
  let next = coming.shift();
  while (next !== undefined || machine.isBusy) {
    const until = Math.min(machine.nextEnd, next ?? Number.POSITIVE_INFINITY);
    machine.runUntil(until);
    while (next !== undefined && next <= until) {
      machine.arrive(next);
      next = coming.shift();
    }
  }
  return machine.times;
}

/** All work that runs has the same share of the cores, one core at most. */
class Machine {
  readonly times: number[] = [];
  private now = 0;
  private running: Job[] = [];
  private readonly queues: Job[][];

  constructor(private readonly line: SharedLine) {
    this.queues = line.stages.map(() => []);
  }

  get isBusy(): boolean {
    return this.running.length > 0;
  }

  get nextEnd(): number {
    return this.now + Math.min(...this.running.map(({ left }) => left)) / this.speed;
  }

  arrive(at: number): void {
    this.enter({ arrived: at, stage: 0, left: 0 });
  }

  runUntil(time: number): void {
    const done = (time - this.now) * this.speed;
    for (const job of this.running) {
      job.left -= done;
    }
    this.now = time;
    const ended = this.running.filter(({ left }) => left <= 1e-9);
    this.running = this.running.filter(({ left }) => left > 1e-9);
    for (const job of ended) {
      this.leave(job);
    }
  }

  private get speed(): number {
    return Math.min(1, this.line.cores / Math.max(1, this.running.length));
  }

  private enter(job: Job): void {
    const stage = this.line.stages[job.stage];
    if (stage === undefined) {
      this.times.push(this.now - job.arrived);
      this.running.push({ ...job, left: this.line.afterwardsSeconds });
      return;
    }
    const working = this.running.filter((other) => other.stage === job.stage).length;
    if (working < stage.jobsAtOnce) {
      this.running.push({ ...job, left: stage.workSeconds });
    } else {
      this.queues[job.stage]?.push(job);
    }
  }

  /** The next that waits for the stage comes in, and the job goes on; what was left after an answer is done. */
  private leave(job: Job): void {
    const next = this.queues[job.stage]?.shift();
    if (next !== undefined) {
      this.enter(next);
    }
    if (job.stage < this.line.stages.length) {
      this.enter({ ...job, stage: job.stage + 1 });
    }
  }
}
