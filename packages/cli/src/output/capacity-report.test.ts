import { ownMeasurements, plan } from '@mien/capacity';
import { capacityReport } from './capacity-report';

const measurements = ownMeasurements();
const workload = {
  photosPerSecond: 20,
  facesPerPhoto: 2,
  largeFacesPerPhoto: 2,
  megapixels: 1,
  libraryFaces: 1_000_000,
  searchesPerPhoto: 1,
  stages: ['landmark', 'embedder'],
  p95Ms: 2_000,
  utilisation: 0.7,
  coresPerPod: 1,
  backlogSeconds: 60,
} as const;

test('a plan in words', () => {
  const planned = plan(workload, measurements, { coreHour: 0.05, storageGbMonth: 0.1 });
  const report = capacityReport(planned, measurements);
  const detector = planned.services.find(({ service }) => service === 'detector');
  expect(report).toMatch(new RegExp(`│ detector +│ ${detector?.replicas} +│ 1 +│ 453 +│`));
  expect(report).not.toContain('attributes');
  expect(report).toContain('embedded index, 1.5 GB in memory');
  expect(report).toContain('database 4.5 GB');
  expect(report).toMatch(/\d+\.\d\d an hour, .* for a million photos \(cores, storage\)/);
});

test('a plan without library and prices tells neither', () => {
  const photosOnly = { ...workload, libraryFaces: 0, searchesPerPhoto: 0 };
  const report = capacityReport(plan(photosOnly, measurements), measurements);
  expect(report).not.toMatch(/in memory:|an hour/);
});
