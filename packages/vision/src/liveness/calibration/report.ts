import type { Combination, EvidenceName } from '../combination';
import { calibrate, THRESHOLD } from './calibrate';
import { areaUnderCurve, errorRate, ratesByKind, scoresOf } from './error-rates';
import { EVIDENCE_NAMES } from './fit';
import { type Sample, UNTOUCHED } from './samples';

/** The thresholds that the specification offers. */
const THRESHOLDS = [5, 10, 40, 70, 90];

/** The calibration's measurements as Markdown. */
export function report(
  training: readonly Sample[],
  test: readonly Sample[],
  bySize: readonly Sample[],
  combination: Combination,
): string {
  const sections = [
    '# Liveness: measurements',
    `Written by the calibration (see README.md). Training: ${training.length} pictures of people of LFW's pairsDevTrain; test: ${test.length} pictures of people of pairsDevTest, drawn with other parameters. "Live" means: not photographed again.`,
    '## By kind, test people',
    kindTable(training, test, combination),
    '## By threshold, test people',
    thresholdTable(test, combination),
    '## Each figure alone, test people',
    'AUC of a single figure, live kinds pooled against one attack; 0.5 says nothing, below 0.5 the attacks have the higher value. The weight is that in the regression, per standard deviation, positive for live.',
    evidenceTable(test, combination),
    '## By face size, test people',
    `Scores of drawn photos by the shorter side of the face box (pixels): phone, sheet and screen-moire against scaled. Errors at ${THRESHOLD}.`,
    sizeTable(bySize, combination),
  ];
  return `${sections.join('\n\n')}\n`;
}

function kindTable(training: readonly Sample[], test: readonly Sample[], combination: Combination): string {
  const together = ratesByKind(test, scoresOf(test, combination), THRESHOLD);
  const model = ratesByKind(
    test,
    test.map((sample) => sample.evidence.model),
    0,
  );
  const rows = together.map((rates, i) => {
    const leftOut = unseenRates(training, test, rates.kind);
    return [
      rates.kind,
      rates.live ? 'live' : 'attack',
      String(rates.count),
      fixed(model[i]?.auc),
      percent(model[i]?.errorRate),
      fixed(rates.auc),
      percent(rates.errorRate),
      rates.medianScore.toFixed(0),
      fixed(leftOut?.auc),
      percent(leftOut?.errorRate),
    ];
  });
  const head = [
    'kind',
    'class',
    'n',
    'AUC, model alone',
    'errors, model alone at even odds',
    'AUC',
    `errors at ${THRESHOLD}`,
    'median score',
    'AUC, kind not trained on',
    'errors, kind not trained on',
  ];
  return table(head, rows);
}

/** How a kind fares when the fit never saw it. */
function unseenRates(
  training: readonly Sample[],
  test: readonly Sample[],
  kind: string,
): { auc: number; errorRate: number } | undefined {
  const without = calibrate(training.filter((sample) => sample.kind !== kind));
  return ratesByKind(test, scoresOf(test, without), THRESHOLD).find((rates) => rates.kind === kind);
}

function thresholdTable(test: readonly Sample[], combination: Combination): string {
  const scores = scoresOf(test, combination);
  const errors = (wanted: (sample: Sample) => boolean, threshold: number): string => {
    const chosen = test.flatMap((sample, i) => (wanted(sample) ? [{ sample, score: scores[i] ?? 0 }] : []));
    const own = chosen.map(({ score }) => score);
    return percent(errorRate(own, chosen[0]?.sample.live ?? true, threshold));
  };
  return table(
    [
      'threshold',
      'untouched photos refused',
      'live pictures of all kinds refused',
      'attacks of all kinds accepted',
    ],
    THRESHOLDS.map((threshold) => [
      String(threshold),
      errors(({ kind }) => kind === UNTOUCHED, threshold),
      errors(({ live }) => live, threshold),
      errors(({ live }) => !live, threshold),
    ]),
  );
}

function evidenceTable(test: readonly Sample[], combination: Combination): string {
  const attacks = [...new Set(test.filter(({ live }) => !live).map(({ kind }) => kind))];
  const values = (name: EvidenceName, wanted: (sample: Sample) => boolean): number[] =>
    test.filter(wanted).map((sample) => sample.evidence[name]);
  const rows = EVIDENCE_NAMES.map((name) => [
    name,
    combination.terms.find((term) => term.evidence === name)?.weight.toFixed(2) ?? 'not weighed',
    ...attacks.map((attack) =>
      fixed(
        areaUnderCurve(
          values(name, ({ live }) => live),
          values(name, ({ kind }) => kind === attack),
        ),
      ),
    ),
  ]);
  return table(['figure', 'weight', ...attacks], rows);
}

const SIZE_STEPS = [0, 32, 40, 48, 56, 64, 80, 100, Number.POSITIVE_INFINITY];

function sizeTable(samples: readonly Sample[], combination: Combination): string {
  const rows = SIZE_STEPS.slice(1).flatMap((to, i) => {
    const from = SIZE_STEPS[i] ?? 0;
    const within = samples.filter(({ faceSize }) => faceSize >= from && faceSize < to);
    const live = scoresOf(
      within.filter((sample) => sample.live),
      combination,
    );
    const attacks = scoresOf(
      within.filter((sample) => !sample.live),
      combination,
    );
    if (live.length === 0 || attacks.length === 0) {
      return [];
    }
    return [
      [
        Number.isFinite(to) ? `${from} to ${to}` : `${from} and more`,
        `${live.length} / ${attacks.length}`,
        fixed(areaUnderCurve(live, attacks)),
        percent(errorRate(live, true, THRESHOLD)),
        percent(errorRate(attacks, false, THRESHOLD)),
      ],
    ];
  });
  return table(['shorter side', 'n live / attack', 'AUC', 'live refused', 'attacks accepted'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function fixed(value: number | undefined): string {
  return value === undefined ? '' : value.toFixed(3);
}

function percent(share: number | undefined): string {
  return share === undefined ? '' : `${(100 * share).toFixed(1)} %`;
}
