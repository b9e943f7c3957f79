import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repositoryRoot } from './repository';

/** A line of a pairs list: two photos and whether they show the same person. */
export interface LfwPair {
  readonly a: string;
  readonly b: string;
  readonly same: boolean;
}

/** Folder of LFW's View 1: LFW_DIR, or the one beside the project. Throws when there is none. */
export function lfwFolder(lfwDir: string | undefined): string {
  const folder = resolve(lfwDir ?? join(repositoryRoot(), '..', 'shared', 'data', 'lfw-view1'));
  if (!existsSync(join(folder, 'pairsDevTest.txt'))) {
    throw new Error('set LFW_DIR to the folder of LFW View 1 (images/, pairsDevTrain.txt, pairsDevTest.txt)');
  }
  return folder;
}

/** Path of a person's photo, relative to the folder. */
function photo(name: string, index: string): string {
  return join('images', name, `${name}_${index.padStart(4, '0')}.jpg`);
}

/** Reads pairsDevTrain.txt or pairsDevTest.txt. */
export function readPairs(folder: string, list: 'pairsDevTrain' | 'pairsDevTest'): LfwPair[] {
  const lines = readFileSync(join(folder, `${list}.txt`), 'utf8')
    .split('\n')
    .slice(1);
  return lines.flatMap((line): LfwPair[] => {
    const [name = '', first = '', second = '', third] = line.trim().split(/\s+/);
    if (name === '') {
      return [];
    }
    return third === undefined
      ? [{ a: photo(name, first), b: photo(name, second), same: true }]
      : [{ a: photo(name, first), b: photo(second, third), same: false }];
  });
}

/** Somebody in the set. */
export interface LfwPerson {
  readonly name: string;
  /** Relative to the folder. */
  readonly photos: readonly string[];
}

/** Everybody with all their photos. */
export function readPeople(folder: string): LfwPerson[] {
  return readdirSync(join(folder, 'images'))
    .sort()
    .map((name) => ({
      name,
      photos: readdirSync(join(folder, 'images', name))
        .sort()
        .map((file) => join('images', name, file)),
    }));
}
