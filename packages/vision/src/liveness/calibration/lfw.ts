import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The two disjoint sets of people of LFW's development view. */
export type PeopleSet = 'train' | 'test';

/** One photo of each person of a set, the first by number, in the order of the names. */
export function photosOfPeople(directory: string, set: PeopleSet): string[] {
  const list = join(directory, set === 'train' ? 'pairsDevTrain.txt' : 'pairsDevTest.txt');
  const names = new Set<string>();
  for (const line of readFileSync(list, 'utf8').split('\n').slice(1)) {
    const [first, , second, fourth] = line.trim().split(/\s+/);
    if (first !== undefined && second !== undefined) {
      names.add(first);
      if (fourth !== undefined) {
        names.add(second);
      }
    }
  }
  return [...names].sort().flatMap((name) => {
    const folder = join(directory, 'images', name);
    const [photo] = existsSync(folder) ? readdirSync(folder).sort() : [];
    return photo === undefined ? [] : [join(folder, photo)];
  });
}
