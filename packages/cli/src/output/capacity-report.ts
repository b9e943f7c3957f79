import type { Cost, Measurements, Plan } from '@mien/capacity';
import { textTable } from './table';

const PRICED: Readonly<Record<Cost['counted'][number], string>> = {
  coreHour: 'cores',
  memoryGbHour: 'memory',
  storageGbMonth: 'storage',
};

/** A plan for a terminal: services, then totals, storage and cost in words. */
export function capacityReport(plan: Plan, { machine, date }: Measurements): string {
  const { cores, memoryMb, meanMs, p95Ms, library, storage, cost } = plan;
  return [
    textTable(
      ['service', 'pods', 'cores each', 'MB each', 'busy', 'ms of processor', 'p95'],
      plan.services.map((service) => [
        service.service,
        String(service.replicas),
        number(service.coresPerPod),
        number(service.memoryMbPerPod),
        `${number(service.utilisation * 100)} %`,
        number(service.cpuMs),
        `${number(service.p95Ms)} ms`,
      ]),
    ),
    `${number(cores)} cores, ${number(memoryMb / 1000)} GB of memory`,
    `a photo takes ${number(meanMs)} ms on average, 95 of 100 at most ${number(p95Ms)} ms`,
    ...(library === undefined
      ? []
      : [`${library.index} index, ${number(storage.indexMemoryMb / 1000)} GB in memory: ${library.why}`]),
    `storage: NATS ${gb(storage.natsMb)} (each server), objects ${gb(storage.objectStoreMb)}, ` +
      `database ${gb(storage.databaseMb)}, index ${gb(storage.indexMb)}`,
    ...(cost === undefined ? [] : [costLine(cost)]),
    `from figures of ${machine.class}, ${date}; not in them: cores of NATS, PostgreSQL, Qdrant, the object store`,
  ].join('\n');
}

function costLine({ perHour, perMonth, perMillionPhotos, counted }: Cost): string {
  const parts = counted.map((part) => PRICED[part]).join(', ');
  return `${money(perHour)} an hour, ${money(perMonth)} a month, ${money(perMillionPhotos)} for a million photos (${parts})`;
}

function gb(megabytes: number): string {
  return `${number(megabytes / 1000)} GB`;
}

function number(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}

function money(value: number): string {
  return value.toFixed(2);
}
