import type { FaceCandidates, JobResult } from '@mien/sdk';
import { clusterTable } from './cluster-table';
import { duplicateCheckTable } from './job-table';
import { textTable } from './table';
import { counted } from './word';

/** A result as a line of JSON has it: the photo's name, and what came of it under the name of the work. */
export function resultLine(jobId: string, { index, name, result, gaveUp }: JobResult): object {
  const answer = result === undefined ? {} : { [result.$case]: result.value };
  return { job: jobId, index, photo: name, ...answer, ...(gaveUp ? { gaveUp } : {}) };
}

/** Results for a terminal: one photo a row; an album or a duplicate check as its own table. */
export function resultTable(results: readonly JobResult[]): string {
  const [first] = results;
  if (first?.result?.$case === 'cluster') {
    return clusterTable(first.result.value);
  }
  if (first?.result?.$case === 'duplicateCheck') {
    return duplicateCheckTable([first.result.value]);
  }
  return textTable(
    ['#', 'photo', 'result'],
    results.map((result) => [String(result.index + 1), result.name, resultText(result)]),
  );
}

function resultText({ result, gaveUp }: JobResult): string {
  switch (result?.$case) {
    case undefined:
      return '';
    case 'detect':
      return counted(result.value.faces.length, 'face');
    case 'checkLiveness': {
      const { live, score } = result.value.face?.liveness ?? { live: false, score: 0 };
      return `${live ? 'live' : 'not live'}, score ${score.toFixed(1)}`;
    }
    case 'search':
      return result.value.results.map(foundText).join('; ');
    case 'enrol': {
      const { personId, face, createdPerson, similar } = result.value;
      if (similar !== undefined) {
        return `not enrolled: resembles ${similar.personId}, score ${similar.score.toFixed(1)}`;
      }
      return `${createdPerson ? 'new person' : 'further face of'} ${personId}, face ${face?.id ?? ''}`;
    }
    case 'refusal':
      return `${gaveUp ? 'given up: ' : ''}${result.value.reason}: ${result.value.message}`;
    case 'cluster':
      return counted(result.value.clusters.length, 'person', 'persons');
    case 'duplicateCheck':
      return counted(result.value.pairsFound, 'pair');
  }
}

/** The best candidate of a face, of all groups. */
function foundText({ candidates, groups, refusal }: FaceCandidates): string {
  const all = [...candidates, ...groups.flatMap((group) => group.candidates)];
  const [best] = all.sort((a, b) => b.score - a.score);
  return best === undefined ? (refusal?.reason ?? 'nobody') : `${best.personId} ${best.score.toFixed(1)}`;
}
