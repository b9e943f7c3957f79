import type { ModelOf } from '@mien/models';
import { Emotion, type Expression } from '@mien/proto';
import type { Mesh } from '../landmarks/mesh';
import { tempered } from './probability';
import { smileEstimate } from './smile';

type Label = ModelOf<'expression'>['expression']['labels'][number];

const EMOTIONS: Readonly<Record<Label, Emotion>> = {
  neutral: Emotion.EMOTION_NEUTRAL,
  happy: Emotion.EMOTION_HAPPY,
  surprise: Emotion.EMOTION_SURPRISE,
  angry: Emotion.EMOTION_ANGRY,
  sad: Emotion.EMOTION_SAD,
  disgust: Emotion.EMOTION_DISGUST,
  fear: Emotion.EMOTION_FEAR,
};

/** All emotions, likeliest first, and how much of a smile there is. `probabilities` stand in the order of `labels`. */
export function expressionAnswer(
  labels: readonly Label[],
  probabilities: readonly number[],
  mesh: Mesh,
  trust: number,
): Expression {
  const even = labels.map(() => 1 / labels.length);
  const emotions = tempered(probabilities, even, trust)
    .flatMap((probability, index) => {
      const label = labels[index];
      return label ? [{ emotion: EMOTIONS[label], probability }] : [];
    })
    .sort((a, b) => b.probability - a.probability);
  const smile = smileEstimate(mesh, probabilities[labels.indexOf('happy')] ?? 0);
  return { emotions, smile: smile.level, smileProbability: smile.probability * trust };
}
