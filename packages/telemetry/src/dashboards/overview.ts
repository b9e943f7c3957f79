import type { Dashboard } from './dashboard';
import { named, OUR_FAULTS, observedPerSecond, perSecond, quantile, toldByAll } from './queries';

const GATEWAY = 'service="gateway"';
const calls = `${named('rpcDuration')}_count`;

export const OVERVIEW: Dashboard = {
  uid: 'mien-overview',
  title: 'Mien: overview',
  purpose:
    'Whether callers get what they ask for: rate, errors and duration of each API, and what is broken now.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Services that answer a scrape',
          description: 'Processes of each service that Prometheus reaches.',
          unit: 'short',
          type: 'stat',
          queries: [{ expr: 'sum by (service) (up{job="mien"})', legend: '{{service}}' }],
          thresholds: { critical: 1, below: true },
        },
        {
          title: 'Calls that failed by our fault',
          description:
            'Of all calls over gRPC, those that ended UNKNOWN, DEADLINE_EXCEEDED, INTERNAL, UNAVAILABLE or DATA_LOSS.',
          unit: 'percentunit',
          type: 'stat',
          queries: [
            {
              expr: `(sum(rate(${calls}{${GATEWAY},${OUR_FAULTS}}[$__rate_interval])) or vector(0)) / sum(rate(${calls}{${GATEWAY}}[$__rate_interval]))`,
              legend: 'failed',
            },
          ],
          thresholds: { warning: 0.001, critical: 0.01 },
        },
        {
          title: 'Longest wait in a queue',
          description: 'How long the oldest job of each lane has waited.',
          unit: 's',
          type: 'stat',
          queries: [{ expr: toldByAll('laneOldest', 'lane'), legend: '{{lane}}' }],
          thresholds: { warning: 5, critical: 30 },
        },
      ],
    },
    {
      title: 'gRPC',
      panels: [
        {
          title: 'Calls',
          description: 'Calls each second, by method.',
          unit: 'reqps',
          queries: [{ expr: observedPerSecond('rpcDuration', 'method', GATEWAY), legend: '{{method}}' }],
        },
        {
          title: 'Errors, by reason',
          description: 'Calls each second that ended with an error. Reasons are explained in docs/errors.md.',
          unit: 'reqps',
          queries: [
            {
              expr: observedPerSecond('rpcDuration', 'method, reason', `${GATEWAY},reason!="OK"`),
              legend: '{{method}} {{reason}}',
            },
          ],
        },
        {
          title: 'Duration, 95 of 100',
          description: '95 of 100 calls are answered within this time, by method.',
          unit: 's',
          queries: [{ expr: quantile(0.95, 'rpcDuration', 'method', GATEWAY), legend: '{{method}}' }],
          thresholds: { warning: 1, critical: 5 },
        },
        {
          title: 'Duration of all calls',
          description: 'Half, 95 and 99 of 100 calls are answered within this time.',
          unit: 's',
          queries: [0.5, 0.95, 0.99].map((of) => ({
            expr: quantile(of, 'rpcDuration', '', GATEWAY),
            legend: `p${of * 100}`,
          })),
        },
        {
          title: 'Line: from request to answer',
          description: 'Time of a job on the line, by how it ended.',
          unit: 's',
          queries: [{ expr: quantile(0.95, 'clientDuration', 'outcome'), legend: '{{outcome}}' }],
        },
        {
          title: 'Open streams',
          description: 'Calls that are answered with many messages and are under way.',
          unit: 'short',
          queries: [
            { expr: `sum by (method) (${named('rpcOpenStreams')}{${GATEWAY}})`, legend: '{{method}}' },
            { expr: perSecond('rpcStreamMessages', 'method', GATEWAY), legend: '{{method}} messages/s' },
          ],
        },
      ],
    },
    {
      title: 'HTTP and Tencent',
      panels: [
        {
          title: 'Requests',
          description: 'Requests each second, by route and status.',
          unit: 'reqps',
          queries: [
            { expr: observedPerSecond('httpDuration', 'route, status'), legend: '{{route}} {{status}}' },
          ],
        },
        {
          title: 'Failed requests',
          description: 'Requests each second that were answered with a status of 500 or more.',
          unit: 'reqps',
          queries: [
            {
              expr: `${observedPerSecond('httpDuration', 'route', 'status=~"5.."')} or ${observedPerSecond('httpDuration', 'route')} * 0`,
              legend: '{{route}}',
            },
          ],
        },
        {
          title: 'Duration, 95 of 100',
          description: '95 of 100 requests are answered within this time, by route.',
          unit: 's',
          queries: [{ expr: quantile(0.95, 'httpDuration', 'route'), legend: '{{route}}' }],
          thresholds: { warning: 1, critical: 5 },
        },
      ],
    },
    {
      title: 'Jobs and callbacks',
      panels: [
        {
          title: 'Photos of jobs that wait',
          description:
            'Taken in and not answered yet; the gateways refuse further jobs when it gets too long.',
          unit: 'short',
          queries: [{ expr: `max(${named('jobPhotosWaiting')})`, legend: 'photos' }],
        },
        {
          title: 'Jobs that ended',
          description: 'By state, each second. Dead ones can be driven again: mien dead-letters.',
          unit: 'ops',
          queries: [{ expr: perSecond('jobsEnded', 'state'), legend: '{{state}}' }],
        },
        {
          title: 'Oldest photo of a job',
          description: 'How long the first of the waiting photos has waited.',
          unit: 's',
          queries: [{ expr: `max(${named('jobPhotosOldest')})`, legend: 'oldest' }],
        },
        {
          title: 'Callback attempts',
          description: 'Attempts and endings each second, by outcome.',
          unit: 'ops',
          queries: [
            { expr: perSecond('callbackAttempts', 'outcome'), legend: 'attempt {{outcome}}' },
            { expr: perSecond('callbacks', 'outcome'), legend: 'ended {{outcome}}' },
          ],
        },
        {
          title: 'Callback delay',
          description: 'From the creation of a callback to its delivery.',
          unit: 's',
          queries: [0.5, 0.95].map((of) => ({
            expr: quantile(of, 'callbackDelay', ''),
            legend: `p${of * 100}`,
          })),
        },
        {
          title: 'Open circuits',
          description: 'Endpoints that are left alone for a while because they fail.',
          unit: 'short',
          queries: [{ expr: `sum(${named('callbackCircuits')}) or vector(0)`, legend: 'endpoints' }],
          thresholds: { critical: 1 },
        },
      ],
    },
  ],
};
