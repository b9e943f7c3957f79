import { MienError } from '@mien/errors';
import type { Measurements, Service } from '../measurements/measurements';
import { percentileOf } from '../percentile';
import { sojournOf, utilisationOf } from '../waiting';
import { type Cost, costIn } from './cost';
import { type LibraryPlan, planLibrary } from './library-plan';
import { CHART_PODS } from './pods';
import { type Staffed, staff, timeOf } from './replicas';
import { photoLoads, queueOf, type ServiceLoad } from './service-load';
import { planStorage, type StoragePlan } from './storage';
import type { Prices, Workload } from './workload';

export interface ServicePlan {
  readonly service: Service;
  readonly replicas: number;
  readonly coresPerPod: number;
  readonly memoryMbPerPod: number;
  /** Processor milliseconds of a photo, or of a search in the library. */
  readonly cpuMs: number;
  readonly utilisation: number;
  /** 95 of 100 are through the service within this time. */
  readonly p95Ms: number;
}

export interface Plan {
  readonly services: readonly ServicePlan[];
  readonly cores: number;
  readonly memoryMb: number;
  readonly meanMs: number;
  readonly p95Ms: number;
  readonly library?: Omit<LibraryPlan, 'load'>;
  readonly storage: StoragePlan;
  readonly cost?: Cost;
}

/**
 * How many pods a workload takes, with what memory, storage and cost. Qdrant's, PostgreSQL's, NATS' and the object
 * store's own cores are not in it: they were not measured. Throws ARGUMENT_INVALID when the wanted time can't be kept.
 */
export function plan(workload: Workload, measurements: Measurements, prices: Prices = {}): Plan {
  requireUsable(workload);
  const library = planLibrary(workload, measurements);
  const searched = workload.searchesPerPhoto > 0 && workload.libraryFaces > 0;
  const loads = [...photoLoads(workload, measurements), ...(searched ? [library.load] : [])];
  const passagesMs = measurements.passageMs * (loads.length - 1);
  const staffed = staff(loads, { ...workload, passagesMs });
  const services = [...staffed.map(servicePlan), notifierPlan(measurements)];
  const time = timeOf(staffed, passagesMs);
  const storage = planStorage(workload, library, measurements);
  const totals = {
    cores: services.reduce((sum, { replicas, coresPerPod }) => sum + replicas * coresPerPod, 0),
    memoryMb: services.reduce((sum, { replicas, memoryMbPerPod }) => sum + replicas * memoryMbPerPod, 0),
  };
  const outside = library.index === 'qdrant' ? storage.indexMemoryMb : 0;
  const storageMb = storage.natsMb + storage.objectStoreMb + storage.databaseMb + storage.indexMb;
  const resources = { cores: totals.cores, memoryMb: totals.memoryMb + outside, storageMb };
  const cost = costIn(prices, resources, workload.photosPerSecond);
  const { load: _, ...index } = library;
  return {
    services,
    ...totals,
    meanMs: time.mean * 1000,
    p95Ms: percentileOf(time, 0.95) * 1000,
    ...(searched ? { library: index } : {}),
    storage,
    ...(cost === undefined ? {} : { cost }),
  };
}

function servicePlan({ load, replicas }: Staffed): ServicePlan {
  const queue = queueOf(load, replicas);
  return {
    ...shapeOf(load, replicas),
    utilisation: utilisationOf(queue),
    p95Ms: percentileOf(sojournOf(queue), 0.95) * 1000,
  };
}

function shapeOf(
  { service, pod, memoryMb, cpuMs }: Omit<ServiceLoad, 'arrivalsPerSecond' | 'variability'>,
  replicas: number,
) {
  return { service, replicas, coresPerPod: pod.cores, memoryMbPerPod: memoryMb, cpuMs };
}

/** Callbacks are sent when photos have been answered: nobody waits for it. */
function notifierPlan({ peakMemoryMb }: Measurements): ServicePlan {
  const { cores, minimum } = CHART_PODS.notifier;
  return {
    service: 'notifier',
    replicas: minimum,
    coresPerPod: cores,
    memoryMbPerPod: peakMemoryMb.notifier,
    cpuMs: 0,
    utilisation: 0,
    p95Ms: 0,
  };
}

function requireUsable(workload: Workload): void {
  const { utilisation, stages, searchesPerPhoto, facesPerPhoto, largeFacesPerPhoto } = workload;
  if (largeFacesPerPhoto > facesPerPhoto) {
    throw new MienError('ARGUMENT_INVALID', 'there are no more large faces than faces');
  }
  if (!(utilisation > 0 && utilisation < 1)) {
    throw new MienError('ARGUMENT_INVALID', 'utilisation has to be above 0 and below 1');
  }
  if (searchesPerPhoto > 0 && !stages.includes('embedder')) {
    throw new MienError('ARGUMENT_INVALID', 'a search needs the embedder');
  }
}
