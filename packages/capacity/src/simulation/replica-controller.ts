/** Kubernetes' HorizontalPodAutoscaler as the chart sets it up (helm/mien/templates/_scaling.tpl). */
export interface ScalingBounds {
  readonly minimum: number;
  readonly maximum: number;
  readonly scaleDownStabilizationSeconds: number;
}

/** Less than this off the target changes nothing (kube-controller-manager's default). */
const TOLERANCE = 0.1;
/** Up at most twofold, or by two pods, every 15 seconds; down by at most a quarter a minute. */
const UP = { seconds: 15, share: 1, pods: 2 } as const;
const DOWN = { seconds: 60, share: 0.25 } as const;

/** The pods that a metric asks for: its total over all pods, and what one is to have of it. KEDA: ceil(lag / threshold). */
export function podsFor(current: number, total: number, perPod: number): number {
  const ratio = total / (perPod * Math.max(1, current));
  return Math.abs(ratio - 1) <= TOLERANCE ? current : Math.ceil(total / perPod);
}

interface Dated {
  readonly at: number;
  readonly value: number;
}

/**
 * Decides how many pods there are to be. https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
 * says how; roundings are those of pkg/controller/podautoscaler.
 */
export class ReplicaController {
  private advice: Dated[] = [];
  private changes: Dated[] = [];

  constructor(private readonly bounds: ScalingBounds) {}

  /** What metrics ask for in the end; the most of them counts. */
  decide(now: number, current: number, asked: readonly number[]): number {
    const decided = this.bounded(now, current, this.stabilized(now, current, Math.max(...asked)));
    if (decided !== current) {
      this.changes.push({ at: now, value: decided - current });
    }
    return decided;
  }

  /** Down only to the most that was advised of late; up at once. */
  private stabilized(now: number, current: number, wanted: number): number {
    const since = now - this.bounds.scaleDownStabilizationSeconds;
    this.advice = [...this.advice.filter(({ at }) => at >= since), { at: now, value: wanted }];
    const most = Math.max(...this.advice.map(({ value }) => value));
    return wanted > current ? wanted : Math.min(current, most);
  }

  private bounded(now: number, current: number, wanted: number): number {
    const { minimum, maximum } = this.bounds;
    this.changes = this.changes.filter(({ at }) => at > now - DOWN.seconds);
    const before = (seconds: number, sign: 1 | -1) =>
      current -
      this.changes
        .filter(({ at, value }) => at > now - seconds && Math.sign(value) === sign)
        .reduce((sum, { value }) => sum + value, 0);
    const up = before(UP.seconds, 1);
    const most = Math.max(Math.ceil(up * (1 + UP.share)), up + UP.pods);
    const least = Math.trunc(before(DOWN.seconds, -1) * (1 - DOWN.share));
    const allowed = wanted > current ? Math.min(wanted, Math.max(current, most)) : Math.max(wanted, least);
    return Math.min(maximum, Math.max(minimum, allowed));
  }
}
