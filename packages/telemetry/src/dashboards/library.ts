import type { Dashboard } from './dashboard';
import { named, observedPerSecond, quantile, toldByAll } from './queries';

const LIBRARY = 'service="library"';

export const LIBRARY_DASHBOARD: Dashboard = {
  uid: 'mien-library',
  title: 'Mien: library',
  purpose: 'Whether enrolled faces are found, how fast, and whether index and database agree.',
  rows: [
    {
      title: 'Search',
      panels: [
        {
          title: 'Search, 95 of 100, by size of the library',
          description:
            'Vector index and re-scoring by the database. The legend is the number of faces, rounded up.',
          unit: 's',
          queries: [{ expr: quantile(0.95, 'searchDuration', 'faces'), legend: 'up to {{faces}} faces' }],
          thresholds: { warning: 0.1, critical: 0.5 },
        },
        {
          title: 'Searches',
          description: 'Each second.',
          unit: 'ops',
          queries: [{ expr: observedPerSecond('searchDuration', 'faces'), legend: 'up to {{faces}} faces' }],
        },
        {
          title: 'Recall probe',
          description:
            'Part of some stored faces that the index finds by their own templates. Below 1: faces are missing there.',
          unit: 'percentunit',
          queries: [{ expr: `min(${named('recallProbe')})`, legend: 'found' }],
          thresholds: { warning: 1, critical: 0.95, below: true },
        },
      ],
    },
    {
      title: 'Stores',
      panels: [
        {
          title: 'Stores that answer',
          description: '1: it answered when it was last asked.',
          unit: 'short',
          queries: [{ expr: `min by (store) (${named('storeUp')})`, legend: '{{store}}' }],
          thresholds: { critical: 1, below: true },
        },
        {
          title: 'Outbox',
          description:
            'Changes that wait to be applied to the index, to blobs, or to be told as events; up to 1000 are counted.',
          unit: 'short',
          queries: [{ expr: toldByAll('outboxEntries', 'topic'), legend: '{{topic}}' }],
          thresholds: { warning: 100, critical: 1_000 },
        },
        {
          title: 'Faces and persons',
          description:
            'Faces of the database and those of the index are the same, but for those of other model versions.',
          unit: 'short',
          queries: [
            { expr: `max(${named('libraryFaces')})`, legend: 'faces, database' },
            { expr: `min(${named('indexFaces')})`, legend: 'faces, index' },
            { expr: `max(${named('libraryPersons')})`, legend: 'persons' },
          ],
        },
      ],
    },
    {
      title: 'Calls',
      panels: [
        {
          title: 'Calls of the library',
          description: 'Each second, by method and reason.',
          unit: 'reqps',
          queries: [
            {
              expr: observedPerSecond('rpcDuration', 'method, reason', LIBRARY),
              legend: '{{method}} {{reason}}',
            },
          ],
        },
        {
          title: 'Duration, 95 of 100',
          description: 'By method.',
          unit: 's',
          queries: [{ expr: quantile(0.95, 'rpcDuration', 'method', LIBRARY), legend: '{{method}}' }],
        },
        {
          title: 'Work of the stage, 95 of 100',
          description: 'Enrolments, verifications and searches that come down the line.',
          unit: 's',
          queries: [
            { expr: quantile(0.95, 'processDuration', 'lane', 'stage="library"'), legend: '{{lane}}' },
          ],
        },
      ],
    },
  ],
};
