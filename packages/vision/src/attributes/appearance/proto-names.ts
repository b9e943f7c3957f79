import { type Attributes, Glasses, HairColor, HairLength, Mask } from '@mien/proto';
import type { Appearance } from './appearance';

const GLASSES = { none: Glasses.GLASSES_NONE, plain: Glasses.GLASSES_PLAIN, sun: Glasses.GLASSES_SUN };

const MASKS = { none: Mask.MASK_NONE, chin: Mask.MASK_CHIN, mouth: Mask.MASK_MOUTH, full: Mask.MASK_FULL };

const HAIR_LENGTHS = {
  bald: HairLength.HAIR_LENGTH_BALD,
  short: HairLength.HAIR_LENGTH_SHORT,
  medium: HairLength.HAIR_LENGTH_MEDIUM,
  long: HairLength.HAIR_LENGTH_LONG,
  tied: HairLength.HAIR_LENGTH_TIED,
};

const HAIR_COLOURS = {
  black: HairColor.HAIR_COLOR_BLACK,
  blond: HairColor.HAIR_COLOR_BLOND,
  brown: HairColor.HAIR_COLOR_BROWN,
  grey: HairColor.HAIR_COLOR_GREY,
};

/** Appearance as the API tells it. */
export function appearanceAnswer({
  glasses,
  mask,
  moustache,
  hat,
  hairLength,
  hairColour,
  fringe,
}: Appearance): Pick<Attributes, 'glasses' | 'mask' | 'hair' | 'hat' | 'moustache'> {
  return {
    glasses: { value: GLASSES[glasses.value], probability: glasses.probability },
    mask: { value: MASKS[mask.value], probability: mask.probability },
    hair: {
      length: HAIR_LENGTHS[hairLength.value],
      lengthProbability: hairLength.probability,
      fringe: fringe.value === 'present',
      fringeProbability: fringe.probability,
      color: HAIR_COLOURS[hairColour.value],
      colorProbability: hairColour.probability,
    },
    hat: { worn: hat.value === 'worn', probability: hat.probability },
    moustache: { present: moustache.value === 'present', probability: moustache.probability },
  };
}
