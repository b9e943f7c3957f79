import { Random } from '../../liveness/calibration/random';
import type { HeadParameters } from '../appearance/head';
import { CLASSES, type Trait } from '../appearance/traits';
import { calibrated, fitScale, type Scored, type ScoreScale } from './calibrate';
import { type Components, unprojected } from './components';
import type { Sample } from './dataset';
import { fitLogistic, type LogisticModel, scores } from './logistic';
import { logLoss } from './measures';

const FOLDS = 3;
/** Tried in turn, each fit begun at the one before; the one with the least loss on held-out people is kept. */
const DECAYS = [1000, 250, 60, 15];

/** A trait's classifier and what training it showed. */
export interface TrainedTrait {
  readonly parameters: HeadParameters;
  readonly decay: number;
  /** Calibrated loss on held-out training people. */
  readonly heldOutLoss: number;
}

/**
 * LFW shows nobody in a mask, so how common masks are is an assumption: one face in ten, each way of wearing it
 * as likely. The other traits keep the shares that they have in the labelled photos.
 */
const MASK_PRIOR = [0.9, 1 / 30, 1 / 30, 1 / 30];

/** Trains on descriptors, given as their `components`; tunes and calibrates on people held out. */
export function trainTrait(
  trait: Trait,
  samples: readonly Sample[],
  inputs: readonly Float32Array[],
  components: Components,
): TrainedTrait {
  const classes: readonly string[] = CLASSES[trait];
  const known = samples.flatMap((sample, index) => {
    const truth = classes.indexOf(sample.shows[trait] ?? '');
    const input = inputs[index];
    return truth < 0 || !input ? [] : [{ sample, truth, input }];
  });
  // Shuffled: what is drawn on a photo goes by its place.
  const people = new Random(1).shuffle([...new Set(known.map(({ sample }) => sample.name))]);
  const foldOf = new Map(people.map((name, index) => [name, index % FOLDS]));
  const fit = (rows: typeof known, decay: number, start?: LogisticModel): LogisticModel =>
    fitLogistic(
      {
        inputs: rows.map(({ input }) => input),
        classes: rows.map(({ truth }) => truth),
        weights: rows.map(() => 1),
      },
      classes.length,
      decay,
      start,
    );
  const shares = classes.map((_, k) => photosOf(known, k) / photosOf(known));
  const prior = trait === 'mask' ? MASK_PRIOR : shares;
  const heldOut = DECAYS.map((): Scored[] => []);
  for (let fold = 0; fold < FOLDS; fold++) {
    const others = known.filter(({ sample }) => foldOf.get(sample.name) !== fold);
    const own = known.filter(({ sample }) => foldOf.get(sample.name) === fold && counts(trait, sample));
    let model: LogisticModel | undefined;
    DECAYS.forEach((decay, place) => {
      const fitted = fit(others, decay, model);
      heldOut[place]?.push(
        ...own.map(({ input, truth }) => ({ scores: scores(fitted, input), truth, weight: 1 })),
      );
      model = fitted;
    });
  }
  const tried = DECAYS.map((decay, place) => {
    const scored = weighted(heldOut[place] ?? [], prior);
    const scale = fitScale(scored, classes.length);
    return { decay, scale, loss: loss(scored, scale) };
  });
  const best = tried.reduce((a, b) => (b.loss < a.loss ? b : a));
  const rows = fit(known, best.decay).map((row) => unprojected(components, row));
  return {
    parameters: written(classes, prior, rows, best.scale),
    decay: best.decay,
    heldOutLoss: best.loss,
  };
}

/** Copies teach, but only what a camera took (and masks, which no photo shows) is what probabilities are about. */
function counts(trait: Trait, { making }: Sample): boolean {
  return making === 'photo' || (trait === 'mask' && (making === 'mask' || making === 'clutter'));
}

function photosOf(known: readonly { sample: Sample; truth: number }[], truth?: number): number {
  return known.filter((row) => row.sample.making === 'photo' && (truth ?? row.truth) === row.truth).length;
}

/** Each class as heavy, in sum, as it is common. */
function weighted(scored: readonly Scored[], prior: readonly number[]): Scored[] {
  const found = prior.map((_, k) => scored.filter(({ truth }) => truth === k).length);
  return scored.map((sample) => ({
    ...sample,
    weight: ((prior[sample.truth] ?? 0) * scored.length) / (found[sample.truth] ?? 1),
  }));
}

function loss(scored: readonly Scored[], scale: ScoreScale): number {
  return logLoss(scored.map(({ scores: raw, truth }) => ({ probabilities: calibrated(scale, raw), truth })));
}

/** Calibration goes into the weights; the weights into signed bytes. */
function written(
  classes: readonly string[],
  prior: readonly number[],
  rows: readonly Float64Array[],
  { slope, offsets }: ScoreScale,
): HeadParameters {
  const size = (rows[0]?.length ?? 1) - 1;
  const bytes = Buffer.alloc(rows.length * size);
  const weightScale = rows.map((row, k) => {
    const scale =
      row.subarray(0, size).reduce((most, weight) => Math.max(most, Math.abs(weight * slope)), 0) / 127;
    for (let i = 0; i < size; i++) {
      bytes.writeInt8(Math.round(((row[i] ?? 0) * slope) / scale), k * size + i);
    }
    return scale;
  });
  return {
    classes,
    prior: prior.map(rounded),
    bias: rows.map((row, k) => rounded((row[size] ?? 0) * slope + (offsets[k] ?? 0))),
    weightScale,
    weights: bytes.toString('base64'),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
