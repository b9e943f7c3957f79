import { dirname, join } from 'node:path';

/** A group photo that an npm package ships, and how many people are in it. */
export interface PackagedPhoto {
  readonly path: string;
  readonly people: number;
}

const PEOPLE = [3, 3, 3, 4, 5, 4];

/** The six sample photos of @vladmandic/face-api, 22 people in all. */
export function packagedPhotos(): PackagedPhoto[] {
  const folder = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');
  return PEOPLE.map((people, index) => ({ path: join(folder, `sample${index + 1}.jpg`), people }));
}
