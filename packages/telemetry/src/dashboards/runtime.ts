import type { Dashboard } from './dashboard';
import { named, perSecond } from './queries';

const WHERE = 'service=~"$service"';
const each = (key: Parameters<typeof named>[0]) => `${named(key)}{${WHERE}}`;

export const RUNTIME: Dashboard = {
  uid: 'mien-runtime',
  title: 'Mien: Node runtime',
  purpose: 'How the processes are: a busy event loop or a full heap makes everything slow.',
  variables: [{ name: 'service', label: 'Service', values: `label_values(${named('started')}, service)` }],
  rows: [
    {
      title: 'Event loop',
      panels: [
        {
          title: 'Lag, 99 of 100',
          description: 'How much later than planned the loop came round. Calls wait at least so long.',
          unit: 's',
          queries: [
            {
              expr: `${named('eventLoopLag')}{${WHERE},quantile="0.99"}`,
              legend: '{{service}} {{instance}}',
            },
          ],
          thresholds: { warning: 0.1, critical: 0.5 },
        },
        {
          title: 'Utilisation',
          description: 'Part of the time that the loop was busy. Near 1 a process can take no more.',
          unit: 'percentunit',
          queries: [{ expr: each('eventLoopUtilization'), legend: '{{service}} {{instance}}' }],
          thresholds: { warning: 0.7, critical: 0.9 },
        },
        {
          title: 'Active resources',
          description: 'Sockets, timers and requests. A steady rise is a leak.',
          unit: 'short',
          queries: [{ expr: each('activeResources'), legend: '{{service}} {{instance}}' }],
        },
      ],
    },
    {
      title: 'Memory',
      panels: [
        {
          title: 'Resident',
          description: 'All memory of the process, models included: what the limit of a container counts.',
          unit: 'bytes',
          queries: [{ expr: each('residentBytes'), legend: '{{service}} {{instance}}' }],
        },
        {
          title: 'Heap',
          description: 'Part of the largest heap that is in use.',
          unit: 'percentunit',
          queries: [
            { expr: `${each('heapUsed')} / ${each('heapLimit')}`, legend: '{{service}} {{instance}}' },
          ],
          thresholds: { warning: 0.8, critical: 0.95 },
        },
        {
          title: 'External',
          description: 'Buffers outside the heap: photos and vectors.',
          unit: 'bytes',
          queries: [{ expr: each('externalBytes'), legend: '{{service}} {{instance}}' }],
        },
      ],
    },
    {
      title: 'Processor',
      panels: [
        {
          title: 'Processor time',
          description: 'Cores in use.',
          unit: 'short',
          queries: [
            { expr: perSecond('cpuSeconds', 'service, mode', WHERE), legend: '{{service}} {{mode}}' },
          ],
        },
        {
          title: 'Garbage collection',
          description: 'Part of the time that was spent in pauses.',
          unit: 'percentunit',
          queries: [
            {
              expr: `sum by (service, kind) (rate(${named('gcDuration')}_sum{${WHERE}}[$__rate_interval]))`,
              legend: '{{service}} {{kind}}',
            },
          ],
          thresholds: { warning: 0.05, critical: 0.2 },
        },
        {
          title: 'Age of the process',
          description: 'A saw-tooth is a process that dies again and again.',
          unit: 's',
          queries: [{ expr: `time() - ${each('started')}`, legend: '{{service}} {{instance}}' }],
        },
      ],
    },
  ],
};
