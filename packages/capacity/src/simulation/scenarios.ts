import { jobsPerSecondOf, lagThreshold } from '../lag-threshold';
import type { Measurements, Service } from '../measurements/measurements';
import { CHART_PODS, jobsAtOnce, secondsOnPod } from '../plan/pods';
import { photoLoads } from '../plan/service-load';
import type { Workload } from '../plan/workload';
import type { ScalingMetric, Scenario, SimulatedService } from './simulation';

/** Times of a photo are those of one that goes through all stages of an analysis. */
const PHOTO = {
  facesPerPhoto: 2,
  largeFacesPerPhoto: 2,
  megapixels: 1,
  stages: ['landmark', 'attributes', 'liveness', 'embedder'],
  libraryFaces: 0,
  searchesPerPhoto: 0,
} as const satisfies Partial<Workload>;

/** As the chart has them (helm/mien/values.yaml). */
const CHART = {
  concurrency: 2,
  maximum: 20,
  gatewayMaximum: 10,
  targetUtilisation: 0.7,
  scaleDownStabilizationSeconds: 180,
} as const;

/** Not measured: choosing a node and starting a container whose image is there; readiness is asked for every 5 s. */
const SCHEDULING_SECONDS = 8;
/** packages/bus/src/catalog.ts. */
const ACK_WAIT_SECONDS = 3;
/** Kubernetes' defaults: a node is not ready after 40 s, and its pods are given up 300 s later. */
const NODE_NOTICED_SECONDS = 340;

/** How stages are scaled: as the chart has it, or with other settings of it. */
export interface StageScaling {
  readonly wantedWaitSeconds: number;
  /** By processor time, too, as the gateway is: whichever asks for more pods. */
  readonly byProcessor: boolean;
}

export const CHART_SCALING: StageScaling = { wantedWaitSeconds: 1, byProcessor: true };

/** A day with its peak in the afternoon, a burst of five times the load, and a node of four that goes. */
export function scenarios(
  measurements: Measurements,
  scaling: StageScaling,
): Readonly<Record<'day' | 'burst' | 'nodeLoss', Scenario>> {
  const of = (
    changes: Pick<Scenario, 'photosPerSecond' | 'mostPhotosPerSecond' | 'seconds' | 'sampleSeconds'>,
  ) => ({
    services: services(measurements, changes.photosPerSecond(0), scaling),
    nodes: 4,
    ackWaitSeconds: ACK_WAIT_SECONDS,
    passageSeconds: measurements.passageMs / 1000,
    seed: 20,
    ...changes,
  });
  return {
    day: of({ photosPerSecond: dailyCurve, mostPhotosPerSecond: 20, seconds: 86_400, sampleSeconds: 300 }),
    burst: of({
      photosPerSecond: (at) => (at >= 600 && at < 1_200 ? 20 : 4),
      mostPhotosPerSecond: 20,
      seconds: 2_700,
      sampleSeconds: 15,
    }),
    nodeLoss: {
      ...of({ photosPerSecond: () => 12, mostPhotosPerSecond: 12, seconds: 2_700, sampleSeconds: 15 }),
      nodeLoss: { atSeconds: 900, noticedAfterSeconds: NODE_NOTICED_SECONDS },
    },
  };
}

/** From 2 photos a second at 3 o'clock to 20 at 15 o'clock. */
function dailyCurve(atSeconds: number): number {
  return 11 - 9 * Math.cos((2 * Math.PI * (atSeconds - 3 * 3600)) / 86_400);
}

/** As many pods at the beginning as keep up, or the fewest. */
function services(
  measurements: Measurements,
  photosPerSecond: number,
  scaling: StageScaling,
): SimulatedService[] {
  const workload = {
    ...PHOTO,
    photosPerSecond,
    p95Ms: 0,
    utilisation: CHART.targetUtilisation,
    backlogSeconds: 0,
  };
  return photoLoads(workload, measurements).map(({ service, cpuMs, variability, pod }) => {
    const serviceSeconds = secondsOnPod(cpuMs, pod);
    const needed = (photosPerSecond * serviceSeconds) / jobsAtOnce(pod) / CHART.targetUtilisation;
    return {
      name: service,
      serviceSeconds,
      serviceVariability: variability,
      jobsPerPod: jobsAtOnce(pod),
      pods: Math.max(pod.minimum, Math.ceil(needed)),
      startSeconds: SCHEDULING_SECONDS + measurements.startCpuSeconds[service] / pod.cores,
      scaling: {
        minimum: pod.minimum,
        maximum: service === 'gateway' ? CHART.gatewayMaximum : CHART.maximum,
        scaleDownStabilizationSeconds: CHART.scaleDownStabilizationSeconds,
        metrics: metricsOf(service, cpuMs, scaling),
      },
    };
  });
}

function metricsOf(service: Service, cpuMs: number, scaling: StageScaling): ScalingMetric[] {
  const processor = { utilisation: CHART.targetUtilisation };
  if (service === 'gateway') {
    return [processor];
  }
  const jobsPerSecond = jobsPerSecondOf(CHART_PODS[service].cores, cpuMs / 1000);
  const pod = { concurrency: CHART.concurrency, jobsPerSecond };
  const lag = { lagPerPod: lagThreshold(pod, scaling.wantedWaitSeconds) };
  return scaling.byProcessor ? [lag, processor] : [lag];
}
