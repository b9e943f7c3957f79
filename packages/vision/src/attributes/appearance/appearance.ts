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

/** What appearance is read from; each classifier takes the beginning of it that it was trained on. */
export interface AppearanceView {
  /** Descriptor of the face's square. */
  readonly face: Float32Array;
  /** Descriptor of the wider square around it. */
  readonly wide: Float32Array;
  /** Colours of the places that masks cover. */
  readonly cover: Float32Array;
}

/** What a face wears and how its hair is: each trait's likeliest class. */
export type Appearance = { readonly [T in Trait]: Likely<(typeof CLASSES)[T][number]> };

/** Reads appearance. */
export class AppearanceReader {
  private readonly heads: ReadonlyMap<Trait, AppearanceHead>;

  constructor(parameters: AppearanceParameters) {
    this.heads = new Map(TRAITS.map((trait) => [trait, new AppearanceHead(parameters.heads[trait])]));
  }

  /** Where the picture is not to be trusted the answer goes towards what is common, with its probability. */
  read({ face, wide, cover }: AppearanceView, trust: Trust): Appearance {
    const all = Float32Array.from([...face, ...wide, ...cover]);
    const read = <T extends Trait>(trait: T, part: number) => this.judge(trait, all, part);
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
