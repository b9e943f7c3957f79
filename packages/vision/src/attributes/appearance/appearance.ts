import type { Trust } from '../evidence';
import { type Likely, likeliest, tempered } from '../probability';
import { AppearanceHead, type HeadParameters } from './head';
import { CLASSES, TRAITS, type Trait } from './traits';

/** Classifiers of every trait for the descriptors of one model. */
export interface AppearanceParameters {
  /** Version of the model whose descriptors they read. */
  readonly descriptor: string;
  readonly heads: Readonly<Record<Trait, HeadParameters>>;
}

/** What a face wears and how its hair is: each trait's likeliest class. */
export type Appearance = { readonly [T in Trait]: Likely<(typeof CLASSES)[T][number]> };

/** Reads appearance from a face's descriptor and that of the wider square around it. */
export class AppearanceReader {
  private readonly heads: ReadonlyMap<Trait, AppearanceHead>;

  constructor(parameters: AppearanceParameters) {
    this.heads = new Map(TRAITS.map((trait) => [trait, new AppearanceHead(parameters.heads[trait])]));
  }

  /** Where the picture is not to be trusted the answer goes towards what is common, with its probability. */
  read(face: Float32Array, wide: Float32Array, trust: Trust): Appearance {
    const both = new Float32Array(face.length + wide.length);
    both.set(face);
    both.set(wide, face.length);
    const read = <T extends Trait>(trait: T, part: number) => this.judge(trait, both, part);
    return {
      glasses: read('glasses', trust.face),
      mask: read('mask', trust.face),
      moustache: read('moustache', trust.face),
      hat: read('hat', trust.head),
      hairLength: read('hairLength', trust.head),
      hairColour: read('hairColour', trust.head),
      fringe: read('fringe', trust.head),
    };
  }

  private judge<T extends Trait>(
    trait: T,
    descriptor: Float32Array,
    trust: number,
  ): Likely<(typeof CLASSES)[T][number]> {
    const head = this.heads.get(trait);
    const probabilities = head
      ? tempered(head.judge(descriptor.subarray(0, head.inputs)), head.prior, trust)
      : [];
    const classes: readonly [(typeof CLASSES)[T][number], ...(typeof CLASSES)[T][number][]] = CLASSES[trait];
    return likeliest(classes, probabilities);
  }
}
