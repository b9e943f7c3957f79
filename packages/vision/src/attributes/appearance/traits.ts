/** Side of the wider square, which shows hair and hat, over the longer side of the face's box. */
export const WIDE_SCALE = 2;

/** What is read from descriptors. */
export const TRAITS = ['glasses', 'mask', 'moustache', 'hat', 'hairLength', 'hairColour', 'fringe'] as const;

export type Trait = (typeof TRAITS)[number];

/** What each trait can be, in the order of its classifier's classes. */
export const CLASSES = {
  glasses: ['none', 'plain', 'sun'],
  mask: ['none', 'chin', 'mouth', 'full'],
  moustache: ['none', 'present'],
  hat: ['none', 'worn'],
  hairLength: ['bald', 'short', 'medium', 'long', 'tied'],
  hairColour: ['black', 'blond', 'brown', 'grey'],
  fringe: ['none', 'present'],
} as const satisfies Readonly<Record<Trait, readonly string[]>>;
