import type { Dashboard } from './dashboard';
import { mean, named, observedPerSecond, perSecond, quantile, toldByAll } from './queries';

const STAGE = 'stage=~"$stage"';
const OF_STAGE = 'deployment=~".*($stage)"';

export const LINE: Dashboard = {
  uid: 'mien-line',
  title: 'Mien: the line',
  purpose: 'Which stage holds the others up: what waits, how long, and what the stage does with its time.',
  variables: [{ name: 'stage', label: 'Stage', values: `label_values(${named('laneWaiting')}, stage)` }],
  rows: [
    {
      title: 'Queues',
      panels: [
        {
          title: 'Lag',
          description: 'Jobs that wait or that workers hold: what stages are scaled by.',
          unit: 'short',
          queries: [
            {
              expr: `${toldByAll('laneWaiting', 'stage, lane', STAGE)} + ${toldByAll('laneTaken', 'stage, lane', STAGE)}`,
              legend: '{{stage}} {{lane}}',
            },
          ],
        },
        {
          title: 'Oldest message',
          description: 'How long the oldest waiting job has waited.',
          unit: 's',
          queries: [{ expr: toldByAll('laneOldest', 'stage, lane', STAGE), legend: '{{stage}} {{lane}}' }],
          thresholds: { warning: 5, critical: 30 },
        },
        {
          title: 'Replicas wanted and ready',
          description:
            'Of the Deployment of each stage, where the line runs on Kubernetes with kube-state-metrics.',
          unit: 'short',
          queries: [
            {
              expr: `sum by (deployment) (kube_deployment_spec_replicas{${OF_STAGE}})`,
              legend: '{{deployment}} wanted',
            },
            {
              expr: `sum by (deployment) (kube_deployment_status_replicas_ready{${OF_STAGE}})`,
              legend: '{{deployment}} ready',
            },
          ],
        },
      ],
    },
    {
      title: 'Time',
      panels: [
        {
          title: 'Queue wait, 95 of 100',
          description:
            'From being queued to being worked on. More than the work itself: the stage needs replicas.',
          unit: 's',
          queries: [
            { expr: quantile(0.95, 'queueWait', 'stage, lane', STAGE), legend: '{{stage}} {{lane}}' },
          ],
        },
        {
          title: 'Work, 95 of 100',
          description: 'A stage at one job: reading, computing, handing on.',
          unit: 's',
          queries: [{ expr: quantile(0.95, 'processDuration', 'stage', STAGE), legend: '{{stage}}' }],
        },
        {
          title: 'Inference, mean',
          description: 'In the models alone, per batch.',
          unit: 's',
          queries: [{ expr: mean('inferenceDuration', 'stage', STAGE), legend: '{{stage}}' }],
        },
        {
          title: 'Where the time goes',
          description:
            'Mean of waiting, working and inference: waiting above working means too few replicas.',
          unit: 's',
          queries: [
            { expr: mean('queueWait', 'stage', STAGE), legend: '{{stage}} waiting' },
            { expr: mean('processDuration', 'stage', STAGE), legend: '{{stage}} working' },
          ],
        },
        {
          title: 'Batch size, mean',
          description: 'Faces (or photos) that go through the model at once.',
          unit: 'short',
          queries: [{ expr: mean('batchSize', 'stage', STAGE), legend: '{{stage}}' }],
        },
        {
          title: 'In flight',
          description: 'Jobs that workers hold.',
          unit: 'short',
          queries: [
            { expr: `sum by (stage, lane) (${named('inFlight')}{${STAGE}})`, legend: '{{stage}} {{lane}}' },
          ],
        },
      ],
    },
    {
      title: 'What comes of it',
      panels: [
        {
          title: 'Throughput',
          description: 'Jobs each second, by outcome.',
          unit: 'ops',
          queries: [{ expr: perSecond('jobs', 'stage, outcome', STAGE), legend: '{{stage}} {{outcome}}' }],
        },
        {
          title: 'Inferences',
          description: 'Batches each second.',
          unit: 'ops',
          queries: [{ expr: observedPerSecond('inferenceDuration', 'stage', STAGE), legend: '{{stage}}' }],
        },
        {
          title: 'Redeliveries and dead letters',
          description:
            'Jobs that came again, and those that were given up. A dead letter is somebody without an answer.',
          unit: 'ops',
          queries: [
            {
              expr: `${perSecond('redeliveries', 'stage', STAGE)} or sum by (stage) (${named('inFlight')}{${STAGE}}) * 0`,
              legend: '{{stage}} again',
            },
            {
              expr: `${perSecond('deadLetters', 'stage, cause', STAGE)} or sum by (stage) (${named('inFlight')}{${STAGE}}) * 0`,
              legend: '{{stage}} dead {{cause}}',
            },
          ],
        },
      ],
    },
  ],
};
