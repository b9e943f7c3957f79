import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A photo and the person that it shows. */
export interface PhotoOfPerson {
  readonly path: string;
  readonly person: string;
}

/**
 * Names that LFW gives to one man: Joseph Blatter, president of FIFA, goes by "Sepp". Pairs of the two are neither
 * impostor nor genuine pairs of the set; everything else that looks like a wrong label is left as it is.
 */
const SAME_PERSON: Readonly<Record<string, string>> = { Joseph_Blatter: 'Sepp_Blatter' };

/** The people that a pairs list of LFW's View 1 names, as they are called there. */
export function peopleOf(pairsFile: string): string[] {
  const lines = readFileSync(pairsFile, 'utf8').split('\n').slice(1);
  const names = lines.flatMap((line) => {
    const [first, , third, fourth] = line.trim().split(/\s+/);
    return fourth === undefined ? [first] : [first, third];
  });
  return [...new Set(names.filter((name): name is string => name !== undefined && name !== ''))].sort();
}

/** Every photo of the people, person by person. */
export function photosOf(images: string, people: readonly string[]): PhotoOfPerson[] {
  return people.flatMap((name) =>
    readdirSync(join(images, name))
      .sort()
      .map((file) => ({ path: join(images, name, file), person: SAME_PERSON[name] ?? name })),
  );
}
