import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ownMeasurements } from '../measurements/measurements';
import { plan } from './plan';
import { CHART_PODS } from './pods';
import type { Workload } from './workload';

const WORKLOAD: Workload = {
  photosPerSecond: 20,
  facesPerPhoto: 2,
  largeFacesPerPhoto: 2,
  megapixels: 1,
  libraryFaces: 1_000_000,
  searchesPerPhoto: 1,
  stages: ['landmark', 'attributes', 'liveness', 'embedder'],
  p95Ms: 3_000,
  utilisation: 0.7,
  coresPerPod: 1,
  backlogSeconds: 60,
};
const measurements = ownMeasurements();
const planFor = (changes: Partial<Workload>) => plan({ ...WORKLOAD, ...changes }, measurements);

describe('a plan', () => {
  it('has cores for what photos take, and keeps the wanted time', () => {
    const { services, cores, p95Ms } = planFor({});
    const needed = services.reduce((sum, { cpuMs }) => sum + (cpuMs * WORKLOAD.photosPerSecond) / 1000, 0);
    expect(cores).toBeGreaterThan(needed / WORKLOAD.utilisation);
    expect(cores).toBeLessThan((needed / WORKLOAD.utilisation) * 2);
    expect(p95Ms).toBeLessThanOrEqual(WORKLOAD.p95Ms);
    for (const { utilisation } of services) {
      expect(utilisation).toBeLessThanOrEqual(WORKLOAD.utilisation);
    }
  });

  it('grows with the load, in step when it is large', () => {
    const cores = [200, 400, 800].map((photosPerSecond) => planFor({ photosPerSecond }).cores);
    expect((cores[2] ?? 0) / (cores[1] ?? 1)).toBeCloseTo(2, 1);
    expect(cores[1]).toBeGreaterThan(cores[0] ?? 0);
  });

  it('gives more pods where less time is wanted', () => {
    const unhurried = planFor({ photosPerSecond: 20, utilisation: 0.97, p95Ms: 60_000 });
    const hurried = planFor({ photosPerSecond: 20, utilisation: 0.97, p95Ms: unhurried.p95Ms * 0.9 });
    expect(hurried.cores).toBeGreaterThan(unhurried.cores);
    expect(hurried.p95Ms).toBeLessThanOrEqual(unhurried.p95Ms * 0.9);
  });

  it('says what time no number of pods keeps', () => {
    expect(() => planFor({ p95Ms: 100 })).toThrow(/up to \d+ ms however many pods/);
  });

  it('asks less of photos that skip stages', () => {
    const boxes = planFor({ stages: [], searchesPerPhoto: 0 });
    expect(boxes.services.map(({ service }) => service)).toEqual(['gateway', 'detector', 'notifier']);
    expect(boxes.library).toBeUndefined();
    expect(boxes.cores).toBeLessThan(planFor({}).cores / 2);
  });

  it.each([
    [20, 1_000_000, 'embedded', /in time/],
    [200, 1_000_000, 'qdrant', /busy for \d+ %/],
    [1, 10_000_000, 'qdrant', /up to 3000000 faces/],
  ])(
    'searches for %i photos a second among %i faces in the %s index',
    (photosPerSecond, libraryFaces, index, why) => {
      const { library, services } = planFor({ photosPerSecond, libraryFaces });
      expect(library?.index).toBe(index);
      expect(library?.why).toMatch(why);
      const replicas = services.find(({ service }) => service === 'library')?.replicas;
      expect(replicas).toBeGreaterThanOrEqual(index === 'embedded' ? 1 : 2);
    },
  );

  it('costs what it is priced at, and nothing else', () => {
    expect(plan(WORKLOAD, measurements).cost).toBeUndefined();
    const priced = plan(WORKLOAD, measurements, { coreHour: 0.05 });
    expect(priced.cost?.perHour).toBeCloseTo(priced.cores * 0.05, 10);
    expect(priced.cost?.perMillionPhotos).toBeCloseTo((priced.cores * 0.05 * 1e6) / (20 * 3600), 6);
    expect(priced.cost?.counted).toEqual(['coreHour']);
    const all = plan(WORKLOAD, measurements, { coreHour: 0.05, memoryGbHour: 0.01, storageGbMonth: 0.1 });
    expect(all.cost?.perHour).toBeGreaterThan((priced.cost?.perHour ?? 0) + (all.memoryMb / 1000) * 0.01);
  });

  it('keeps what is enrolled', () => {
    const { storage } = planFor({});
    expect(storage.databaseMb).toBeCloseTo(measurements.databaseBytesPerFace, 6);
    expect(storage.objectStoreMb).toBeGreaterThan(measurements.cropBytesPerFace);
    expect(storage.natsMb).toBeGreaterThan(20 * 60 * 2 * 0.4);
  });

  it('refuses what it cannot plan', () => {
    expect(() => planFor({ utilisation: 1 })).toThrow('below 1');
    expect(() => planFor({ stages: ['landmark'] })).toThrow('needs the embedder');
  });

  it('has the pods of the chart', () => {
    const values = readFileSync(join(__dirname, '../../../../helm/mien/values.yaml'), 'utf8');
    const { services } = parse(values) as {
      services: Record<string, { replicas: { minimum: number }; resources: { requests: { cpu: string } } }>;
    };
    const pods = Object.entries(services).map(([name, { replicas, resources }]) => {
      const cpu = resources.requests.cpu;
      const cores = cpu.endsWith('m') ? Number(cpu.slice(0, -1)) / 1000 : Number(cpu);
      return [name, { cores, minimum: replicas.minimum }];
    });
    expect(Object.fromEntries(pods)).toEqual(CHART_PODS);
  });
});
