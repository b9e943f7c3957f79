import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The people of one of LFW's View 1 lists, a photo each that the list names; the two lists share nobody. */
export type LfwList = 'pairsDevTrain' | 'pairsDevTest';

/** Folder of the repository, from this file or from its compiled form. */
const REPOSITORY = resolve(__dirname, '../../../../..');

/** LFW's View 1: LFW_DIR, or the folder beside the repository; undefined when it is not there. */
export function lfwFolder(lfwDir: string | undefined): string | undefined {
  const folder = resolve(lfwDir ?? join(REPOSITORY, '../shared/data/lfw-view1'));
  return existsSync(join(folder, 'pairsDevTrain.txt')) ? folder : undefined;
}

/** Path of a photo by its name, for example `Aaron_Peirsol_0001`. */
export function photoPath(folder: string, name: string): string {
  return join(folder, 'images', name.replace(/_\d{4}$/, ''), `${name}.jpg`);
}

/** The first photo that a list names of each of its people, in the order of their names. */
export function peopleOf(folder: string, list: LfwList): string[] {
  const first = new Map<string, string>();
  const add = (person: string, index: string) => {
    if (!first.has(person)) {
      first.set(person, `${person}_${index.padStart(4, '0')}`);
    }
  };
  for (const line of readFileSync(join(folder, `${list}.txt`), 'utf8')
    .split('\n')
    .slice(1)) {
    const [person, index, second, third] = line.trim().split(/\s+/);
    if (person && index && second) {
      add(person, index);
      if (third) {
        add(second, third);
      }
    }
  }
  return [...first.values()].sort();
}

/** A file of hand-made labels: parts, each a list or a table. */
export function labelFile(name: string): Partial<Record<string, object>> {
  return JSON.parse(readFileSync(join(REPOSITORY, 'models/calibration/labels', name), 'utf8'));
}
