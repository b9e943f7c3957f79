import type { MetricKey } from '../registry';
import type { Dashboard, Panel } from './dashboard';
import { distribution, mean, named, observedPerSecond, perSecond, quantile } from './queries';

/** Calls that have photos, and gRPC's codes for what is wrong with the request: INVALID_ARGUMENT, FAILED_PRECONDITION. */
const REFUSED =
  'service="gateway",code=~"3|9",method=~".*/(Detect|Compare|CheckLiveness|CreatePerson|AddFaces|VerifyPerson|Search)"';

function scores(key: MetricKey, title: string, description: string, where = ''): Panel {
  return {
    title,
    description,
    unit: 'short',
    type: 'heatmap',
    queries: [{ expr: distribution(key, where), legend: '{{le}}' }],
  };
}

export const QUALITY: Dashboard = {
  uid: 'mien-quality',
  title: 'Mien: quality',
  purpose:
    'What photos and answers are like. A change here without a new release means that cameras, light or people have changed, or that somebody tries something.',
  rows: [
    {
      title: 'Photos',
      panels: [
        {
          title: 'Photos, by refusal reason',
          description:
            'Each second; OK is those that were not refused. Reasons are explained in docs/errors.md.',
          unit: 'ops',
          queries: [{ expr: perSecond('photos', 'reason'), legend: '{{reason}}' }],
        },
        {
          title: 'Refused calls, by reason',
          description:
            'Calls with a photo that were refused each second, what was wrong before the line included.',
          unit: 'reqps',
          queries: [{ expr: observedPerSecond('rpcDuration', 'reason', REFUSED), legend: '{{reason}}' }],
        },
        {
          title: 'Faces in a photo, mean',
          description: 'As answers have them.',
          unit: 'short',
          queries: [
            {
              expr: `sum(rate(${named('facesPerPhoto')}_sum[$__rate_interval])) / sum(rate(${named('facesPerPhoto')}_count[$__rate_interval]))`,
              legend: 'faces',
            },
          ],
        },
        {
          title: 'Quality, median',
          description: 'Of faces whose quality was asked for: overall, sharpness and brightness, 0 to 100.',
          unit: 'short',
          queries: [
            { expr: quantile(0.5, 'qualityScore', ''), legend: 'overall' },
            { expr: quantile(0.5, 'sharpnessScore', ''), legend: 'sharpness' },
            { expr: quantile(0.5, 'brightnessScore', ''), legend: 'brightness' },
          ],
          thresholds: { warning: 60, critical: 40, below: true },
        },
        scores('qualityScore', 'Quality scores', 'How many faces have which overall quality.'),
        scores('sharpnessScore', 'Sharpness', 'How many faces are how sharp.'),
        scores('brightnessScore', 'Brightness', 'How many faces are how bright.'),
      ],
    },
    {
      title: 'Liveness',
      panels: [
        {
          title: 'Pass rate',
          description: 'Of the faces that could be judged, the part that is live.',
          unit: 'percentunit',
          queries: [
            {
              expr: `(sum(rate(${named('livenessChecks')}{outcome="live"}[$__rate_interval])) or vector(0)) / sum(rate(${named('livenessChecks')}{outcome=~"live|not-live"}[$__rate_interval]))`,
              legend: 'live',
            },
          ],
        },
        {
          title: 'Checks, by outcome',
          description: 'Each second, with the reasons why faces could not be judged.',
          unit: 'ops',
          queries: [{ expr: perSecond('livenessChecks', 'outcome'), legend: '{{outcome}}' }],
        },
        scores(
          'livenessScore',
          'Liveness scores',
          'Two groups, near 0 and near 100: what lies between is uncertain.',
        ),
      ],
    },
    {
      title: 'Likeness',
      panels: [
        scores('similarityScore', 'Scores of comparisons', 'Photos against photos.', 'operation="compare"'),
        scores(
          'similarityScore',
          'Scores of verifications and searches',
          'A person, or the best candidate.',
          'operation=~"verify|search"',
        ),
        {
          title: 'Score, mean',
          description: 'Of comparisons, verifications, and the best candidates of searches.',
          unit: 'short',
          queries: [{ expr: mean('similarityScore', 'operation'), legend: '{{operation}}' }],
        },
        {
          title: 'Searched faces, by outcome',
          description: 'Found, nobody, or the reason the face was refused for.',
          unit: 'ops',
          queries: [{ expr: perSecond('searches', 'outcome'), legend: '{{outcome}}' }],
        },
      ],
    },
  ],
};
