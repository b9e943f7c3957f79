import { type Measurements, SERVICES, type Service } from '../measurements/measurements';
import { costVariability, serviceCost } from '../measurements/service-cost';
import { costOf } from '../stage-cost';
import type { Queue } from '../waiting';
import { CHART_PODS, jobsAtOnce, type PodShape, secondsOnPod } from './pods';
import type { Workload } from './workload';

/** What comes to a service, and the pods that it may have. */
export interface ServiceLoad {
  readonly service: Service;
  readonly arrivalsPerSecond: number;
  readonly cpuMs: number;
  /** Variance over squared mean of cpuMs. */
  readonly variability: number;
  readonly pod: PodShape;
  readonly memoryMb: number;
}

/** Of all services that photos go through but the library. */
export function photoLoads(workload: Workload, measurements: Measurements): ServiceLoad[] {
  const used = new Set<Service>(['gateway', 'detector', ...workload.stages]);
  return SERVICES.filter((service) => used.has(service)).map((service) => {
    const cost = serviceCost(measurements, service);
    const cpuMs = costOf(cost, workload);
    const pod = CHART_PODS[service];
    return {
      service,
      arrivalsPerSecond: workload.photosPerSecond,
      cpuMs,
      variability: costVariability(cost, workload, cpuMs),
      pod: { ...pod, cores: workload.coresPerPod ?? pod.cores },
      memoryMb: measurements.peakMemoryMb[service],
    };
  });
}

/** The service as a queue, with so many pods. */
export function queueOf(
  { arrivalsPerSecond, cpuMs, variability, pod }: ServiceLoad,
  replicas: number,
): Queue {
  return {
    arrivalsPerSecond,
    serviceSeconds: secondsOnPod(cpuMs, pod),
    serviceVariability: variability,
    arrivalVariability: 1,
    servers: replicas * jobsAtOnce(pod),
  };
}
