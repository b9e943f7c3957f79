import type { ModelOf } from '@mien/models';
import type { AppearanceParameters } from './appearance';
import heads from './heads.json';

/** The classifiers for a model's descriptors; undefined when there are none for it. */
export function appearanceParameters(model: ModelOf<'gender-age'>): AppearanceParameters | undefined {
  return model.outputs.descriptor && model.version === heads.descriptor ? heads : undefined;
}
