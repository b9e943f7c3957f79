import { labelFile } from './lfw';

/** What the eye sees of one person in one photo; undefined where the eye is not sure. */
export interface AppearanceLabel {
  readonly glasses: 'none' | 'plain' | 'sun' | undefined;
  readonly moustache: 'none' | 'present' | undefined;
  readonly hat: 'none' | 'worn' | undefined;
  readonly hairColour: 'black' | 'blond' | 'brown' | 'grey' | undefined;
  readonly hairLength: 'bald' | 'short' | 'medium' | 'long' | 'tied' | undefined;
  readonly fringe: 'none' | 'present' | undefined;
}

const COLOURS = { k: 'black', l: 'blond', n: 'brown', y: 'grey' } as const;
const LENGTHS = ['bald', 'short', 'medium', 'long', 'tied'] as const;

/** Photo names and what they show, looked at one by one. */
export function appearanceLabels(part: 'train' | 'test'): Map<string, AppearanceLabel> {
  const codes = labelFile('appearance.json')[part] ?? {};
  return new Map(Object.entries(codes).map(([name, code]) => [name, decoded(String(code))]));
}

/** The legend stands in the file. */
function decoded(code: string): AppearanceLabel {
  const [colour = '-', length = '-'] = code;
  const flags = new Set(code.slice(2));
  const hairLength = LENGTHS[Number(length)];
  return {
    glasses: flags.has('q') ? undefined : flags.has('s') ? 'sun' : flags.has('g') ? 'plain' : 'none',
    moustache: flags.has('t') ? undefined : flags.has('m') ? 'present' : 'none',
    hat: flags.has('i') ? undefined : flags.has('h') ? 'worn' : 'none',
    hairColour: Object.entries(COLOURS).find(([letter]) => letter === colour)?.[1],
    hairLength,
    fringe:
      hairLength === undefined || hairLength === 'bald' ? undefined : flags.has('f') ? 'present' : 'none',
  };
}
