import { exponential, type Random, randomFrom } from './random';
import { podsFor, ReplicaController, type ScalingBounds } from './replica-controller';
import { Station, type StationSettings } from './station';
import { Timeline } from './timeline';

/** KEDA's lag per pod, or the share of its cores that a pod is to use. */
export type ScalingMetric = { readonly lagPerPod: number } | { readonly utilisation: number };

export interface SimulatedService extends Omit<StationSettings, 'ackWaitSeconds'> {
  /** As many pods for ever unless given. */
  readonly scaling?: ScalingBounds & { readonly metrics: readonly ScalingMetric[] };
}

export interface NodeLoss {
  readonly atSeconds: number;
  /** Until Kubernetes gives the node up and makes its pods elsewhere. */
  readonly noticedAfterSeconds: number;
}

export interface Scenario {
  /** In the order in which photos meet them. */
  readonly services: readonly SimulatedService[];
  readonly photosPerSecond: (atSeconds: number) => number;
  /** Never less than photosPerSecond. */
  readonly mostPhotosPerSecond: number;
  readonly seconds: number;
  readonly sampleSeconds: number;
  readonly nodes: number;
  readonly ackWaitSeconds: number;
  /** Nobody waits in a queue meanwhile. */
  readonly passageSeconds: number;
  readonly nodeLoss?: NodeLoss;
  readonly seed: number;
}

export interface ServiceSample {
  readonly name: string;
  readonly readyPods: number;
  readonly lag: number;
}

export interface Sample {
  readonly atSeconds: number;
  readonly photosPerSecond: number;
  readonly services: readonly ServiceSample[];
  /** Times of the photos that came since the last sample and are answered, in seconds. */
  readonly p50Seconds: number | undefined;
  readonly p95Seconds: number | undefined;
}

export interface Simulated {
  readonly samples: readonly Sample[];
  /** Of all photos that were answered, in the order in which they came. */
  readonly times: Float64Array;
  readonly photos: number;
  /** Pods times seconds that each service had ready. */
  readonly podSeconds: ReadonlyMap<string, number>;
}

/** How often the autoscaler looks (kube-controller-manager's default); KEDA asks NATS each time. */
const SYNC_SECONDS = 15;

/** Runs a scenario; the same seed gives the same run. */
export function simulate(scenario: Scenario): Simulated {
  return new Run(scenario).result();
}

class Run {
  private readonly timeline = new Timeline();
  private readonly random: Random;
  private readonly stations: Station[];
  private readonly arrivals: number[] = [];
  private readonly answers: number[] = [];
  private readonly gauges: Omit<Sample, 'p50Seconds' | 'p95Seconds'>[] = [];
  private readonly podSeconds = new Map<string, number>();

  constructor(private readonly scenario: Scenario) {
    this.random = randomFrom(scenario.seed);
    const nodes = new Set(Array.from({ length: scenario.nodes }, (_, node) => node));
    this.stations = scenario.services.map(
      (service) =>
        new Station(
          { ...service, ackWaitSeconds: scenario.ackWaitSeconds },
          nodes,
          this.timeline,
          this.random,
        ),
    );
    this.scheduleArrival();
    this.scheduleScaling();
    this.scheduleSample();
    this.scheduleLoss(nodes);
  }

  result(): Simulated {
    this.timeline.runUntil(this.scenario.seconds);
    const times = this.arrivals.map((arrived, photo) => (this.answers[photo] ?? Number.NaN) - arrived);
    return {
      samples: this.samples(times),
      times: Float64Array.from(times.filter((time) => !Number.isNaN(time))),
      photos: this.arrivals.length,
      podSeconds: this.podSeconds,
    };
  }

  /** A Poisson process of changing rate, by thinning one of the highest (P. Lewis and G. Shedler, 1979). */
  private scheduleArrival(): void {
    const { mostPhotosPerSecond, photosPerSecond } = this.scenario;
    this.timeline.in(exponential(this.random, 1 / mostPhotosPerSecond), () => {
      this.scheduleArrival();
      if (this.random() * mostPhotosPerSecond < photosPerSecond(this.timeline.now)) {
        const photo = this.arrivals.push(this.timeline.now) - 1;
        this.pass(photo, 0);
      }
    });
  }

  private pass(photo: number, to: number): void {
    const station = this.stations[to];
    if (station === undefined) {
      this.answers[photo] = this.timeline.now;
      return;
    }
    const { passageSeconds } = this.scenario;
    const onward = () => this.pass(photo, to + 1);
    const last = to === this.stations.length - 1;
    station.put({
      done: last || passageSeconds === 0 ? onward : () => this.timeline.in(passageSeconds, onward),
    });
  }

  private scheduleScaling(): void {
    this.scenario.services.forEach(({ scaling }, index) => {
      const station = this.stations[index];
      if (scaling === undefined || station === undefined) {
        return;
      }
      const controller = new ReplicaController(scaling);
      let busyBefore = 0;
      const look = () => {
        this.timeline.in(SYNC_SECONDS, look);
        const busy = (station.busySeconds - busyBefore) / (SYNC_SECONDS * station.settings.jobsPerPod);
        busyBefore = station.busySeconds;
        const pods = station.wantedPods;
        const asked = scaling.metrics.map((metric) =>
          'lagPerPod' in metric
            ? podsFor(pods, station.lag, metric.lagPerPod)
            : podsFor(pods, busy, metric.utilisation),
        );
        station.scale(controller.decide(this.timeline.now, pods, asked));
      };
      this.timeline.in(SYNC_SECONDS, look);
    });
  }

  private scheduleSample(): void {
    const { sampleSeconds, photosPerSecond } = this.scenario;
    const sample = () => {
      this.timeline.in(sampleSeconds, sample);
      const services = this.stations.map(({ settings: { name }, readyPods, lag }) => {
        this.podSeconds.set(name, (this.podSeconds.get(name) ?? 0) + readyPods * sampleSeconds);
        return { name, readyPods, lag };
      });
      const atSeconds = this.timeline.now;
      this.gauges.push({ atSeconds, photosPerSecond: photosPerSecond(atSeconds), services });
    };
    this.timeline.at(0, sample);
  }

  private scheduleLoss(nodes: Set<number>): void {
    const { nodeLoss } = this.scenario;
    if (nodeLoss === undefined) {
      return;
    }
    const [node = 0] = nodes;
    this.timeline.at(nodeLoss.atSeconds, () => {
      nodes.delete(node);
      for (const station of this.stations) {
        station.loseNode(node);
      }
    });
    this.timeline.at(nodeLoss.atSeconds + nodeLoss.noticedAfterSeconds, () => {
      for (const station of this.stations) {
        station.replaceLost();
      }
    });
  }

  private samples(times: readonly number[]): Sample[] {
    let photo = 0;
    return this.gauges.map((gauge) => {
      const ofSample: number[] = [];
      for (; (this.arrivals[photo] ?? Number.POSITIVE_INFINITY) <= gauge.atSeconds; photo += 1) {
        ofSample.push(times[photo] ?? Number.NaN);
      }
      const sorted = ofSample.filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
      return { ...gauge, p50Seconds: quantile(sorted, 0.5), p95Seconds: quantile(sorted, 0.95) };
    });
  }
}

/** Of sorted values; undefined of none. */
export function quantile(sorted: ArrayLike<number>, share: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
