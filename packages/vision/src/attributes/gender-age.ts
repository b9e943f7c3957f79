import type { ModelOf } from '@mien/models';
import { type Attributes, Gender } from '@mien/proto';
import type { GenderAgeOutput } from './networks/gender-age';
import { likeliest, logistic, logit, tempered } from './probability';

/** An age is taken as right when it is off by no more than this, years. */
const RIGHT_WITHIN = 5;

/** Of a face of which nothing is to be seen. */
const EITHER = [0.5, 0.5];

/** The gender that the network's output speaks for, calibrated by the manifest's logistic curve. */
export function genderEstimate(
  output: GenderAgeOutput,
  { highGender, genderCalibration }: ModelOf<'gender-age'>['genderAge'],
  trust: number,
): Attributes['gender'] {
  const high = logistic(genderCalibration.slope * logit(output.gender) + genderCalibration.offset);
  const male = highGender === 'male' ? high : 1 - high;
  return likeliest(
    [Gender.GENDER_FEMALE, Gender.GENDER_MALE] as const,
    tempered([1 - male, male], EITHER, trust),
  );
}

/**
 * The mean of the network's distribution over ages; its probability is the share of that distribution within five
 * years of the mean. No ages were to be had to check either against.
 */
export function ageEstimate({ ages }: GenderAgeOutput, firstAge: number, trust: number): Attributes['age'] {
  let sum = 0;
  let mean = 0;
  ages.forEach((probability, bin) => {
    sum += probability;
    mean += probability * (firstAge + bin);
  });
  const years = Math.min(100, Math.max(0, mean / sum));
  const near = ages.reduce(
    (share, probability, bin) =>
      Math.abs(firstAge + bin - years) <= RIGHT_WITHIN ? share + probability : share,
    0,
  );
  return { years, probability: Math.min(1, Math.max(0, (trust * near) / sum)) };
}
