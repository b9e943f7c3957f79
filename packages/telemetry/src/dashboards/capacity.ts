import type { Dashboard } from './dashboard';
import { named, perSecond } from './queries';

const cores = `sum(rate(${named('cpuSeconds')}[$__rate_interval]))`;
const gibibytes = `sum(${named('residentBytes')}) / 1024^3`;
const photos = `sum(rate(${named('photos')}[$__rate_interval]))`;
const costPerHour = `${cores} * $core_hour + ${gibibytes} * $gib_hour`;

export const CAPACITY: Dashboard = {
  uid: 'mien-capacity',
  title: 'Mien: capacity and cost',
  purpose:
    'What a photo takes, what the platform uses, and what that costs at the prices given above: processor time and memory in use, not what is reserved.',
  variables: [
    { name: 'core_hour', label: 'Price of a core for an hour', text: '0.03' },
    { name: 'gib_hour', label: 'Price of a GiB for an hour', text: '0.004' },
  ],
  rows: [
    {
      title: 'What is used',
      panels: [
        {
          title: 'Cores, by service',
          description: 'Processor time each second.',
          unit: 'short',
          stacked: true,
          queries: [{ expr: perSecond('cpuSeconds', 'service'), legend: '{{service}}' }],
        },
        {
          title: 'Memory, by service',
          description: 'Resident, of all processes.',
          unit: 'bytes',
          stacked: true,
          queries: [{ expr: `sum by (service) (${named('residentBytes')})`, legend: '{{service}}' }],
        },
        {
          title: 'Processes',
          description: 'Of each service.',
          unit: 'short',
          queries: [{ expr: `count by (service) (${named('started')})`, legend: '{{service}}' }],
        },
      ],
    },
    {
      title: 'What it is used for',
      panels: [
        {
          title: 'Photos',
          description: 'Photos answered each second.',
          unit: 'ops',
          queries: [{ expr: photos, legend: 'photos' }],
        },
        {
          title: 'Busy time of a job, by stage',
          description:
            'Busy seconds of a stage for each of its jobs: the rate of one worker is 1 divided by this.',
          unit: 's',
          queries: [
            {
              expr: `sum by (stage) (rate(${named('processDuration')}_sum[$__rate_interval])) / sum by (stage) (rate(${named('processDuration')}_count[$__rate_interval]))`,
              legend: '{{stage}}',
            },
          ],
        },
        {
          title: 'Workers busy',
          description:
            'Jobs a stage works on at the same time, on average. Near concurrency times replicas it is full.',
          unit: 'short',
          queries: [
            {
              expr: `sum by (stage) (rate(${named('processDuration')}_sum[$__rate_interval]))`,
              legend: '{{stage}}',
            },
          ],
        },
      ],
    },
    {
      title: 'What it costs',
      panels: [
        {
          title: 'Cost per hour',
          description: 'Cores and memory in use at the prices above.',
          unit: 'currencyUSD',
          queries: [{ expr: costPerHour, legend: 'all services' }],
        },
        {
          title: 'Cost of 1000 photos',
          description: 'Cost per hour divided by photos per hour. It falls with load.',
          unit: 'currencyUSD',
          queries: [{ expr: `(${costPerHour}) / (${photos} * 3600) * 1000`, legend: '1000 photos' }],
        },
        {
          title: 'Processor time of a photo',
          description: 'Of all services together.',
          unit: 's',
          queries: [{ expr: `${cores} / ${photos}`, legend: 'seconds' }],
        },
      ],
    },
  ],
};
