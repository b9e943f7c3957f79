import type { CheckLibraryResponse, LibraryDamage } from '@mien/proto';

/** As many ids and keys of a kind of damage as fit on a screen; --json has more. */
const MOST_EXAMPLES = 5;

const NONE: LibraryDamage = { count: 0, examples: [] };

/** What a check of the three stores found, in words. */
export function checkReport(response: CheckLibraryResponse): string {
  const { templates, vectors, blobs, repaired } = response;
  return [
    `database: ${templates} templates; index: ${vectors} vectors; object store: ${blobs} crops and photos`,
    ...damageLines('faces that searches do not find', response.facesWithoutVector, repaired),
    ...damageLines('vectors in the index of faces that are gone', response.vectorsWithoutFace, repaired),
    ...damageLines('crops and photos that no face uses', response.blobsWithoutFace, repaired),
    ...damageLines('crops and photos that are lost', response.lostBlobs, false),
    isSound(response) ? 'sound' : 'not sound',
  ].join('\n');
}

/** Whether there is nothing wrong, or nothing any more. */
export function isSound({ repaired, lostBlobs, ...response }: CheckLibraryResponse): boolean {
  const { facesWithoutVector, vectorsWithoutFace, blobsWithoutFace } = response;
  const repairable = [facesWithoutVector, vectorsWithoutFace, blobsWithoutFace];
  return [lostBlobs, ...(repaired ? [] : repairable)].every((damage) => (damage?.count ?? 0) === 0);
}

function damageLines(kind: string, { count, examples } = NONE, repaired: boolean): string[] {
  if (count === 0) {
    return [];
  }
  const more = count > MOST_EXAMPLES ? ', ...' : '';
  const names = examples.slice(0, MOST_EXAMPLES).join(', ');
  return [`${repaired ? 'repaired: ' : ''}${count} ${kind}: ${names}${more}`];
}
