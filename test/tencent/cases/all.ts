import type { Case } from '../case';
import { ANALYSIS } from './analysis';
import { COMPARISON } from './comparison';
import { LIBRARY } from './library';
import { RECOGNITION } from './recognition';
import { SIMILAR_PERSONS } from './similar-persons';
import { UPGRADES } from './upgrades';

/** For a platform with one model, in this order: some find what those before them made. */
export const ONE_MODEL: readonly Case[] = [
  ...ANALYSIS,
  ...COMPARISON,
  ...LIBRARY,
  ...RECOGNITION,
  ...SIMILAR_PERSONS,
];

/** For one with two models. */
export const TWO_MODELS: readonly Case[] = UPGRADES;
