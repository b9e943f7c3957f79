import type { Candidate, FaceCandidates } from '@mien/proto';
import type { DrawnFace } from './face-overlay';
import { textTable } from './table';

/** The usual threshold: 1 of 100,000 pairs of strangers scores as high. */
const USUAL_THRESHOLD = 60;

/** Who the faces of a photo may be, for a terminal: a row for each candidate, faces numbered from the largest. */
export function candidateTable(results: readonly FaceCandidates[]): string {
  const perGroup = results.some(({ groups }) => groups.length > 0);
  const head = ['#', ...(perGroup ? ['group'] : []), 'person', 'name', 'score', 'face'];
  return textTable(
    head,
    results.flatMap((result, index) =>
      rowsOf(result).map(({ groupId, candidate, remark }) => [
        String(index + 1),
        ...(perGroup ? [groupId] : []),
        candidate?.personId ?? remark,
        candidate?.person?.name ?? '',
        candidate?.score.toFixed(1) ?? '',
        candidate?.faceId ?? '',
      ]),
    ),
  );
}

interface Row {
  readonly groupId: string;
  readonly candidate?: Candidate;
  /** What stands where there is no candidate. */
  readonly remark: string;
}

function rowsOf({ candidates, groups, refusal }: FaceCandidates): readonly Row[] {
  if (refusal !== undefined) {
    return [{ groupId: '', remark: refusal.reason }];
  }
  const parts = groups.length > 0 ? groups : [{ groupId: '', candidates }];
  return parts.flatMap(({ groupId, candidates: found }): Row[] =>
    found.length === 0
      ? [{ groupId, remark: 'nobody' }]
      : found.map((candidate) => ({ groupId, candidate, remark: '' })),
  );
}

/** Each face with its best candidate and the score; below the usual threshold with a question mark. */
export function recognisedFaces(results: readonly FaceCandidates[]): DrawnFace[] {
  return results.map(({ box, candidates, groups, refusal }) => {
    const all = [...candidates, ...groups.flatMap((group) => group.candidates)];
    const best = all.reduce<Candidate | undefined>(
      (first, next) => (first === undefined || next.score > first.score ? next : first),
      undefined,
    );
    if (best === undefined) {
      return { box, label: refusal?.reason ?? 'nobody', unknown: true };
    }
    const unknown = best.score < USUAL_THRESHOLD;
    return { box, label: `${best.personId}${unknown ? '?' : ''}  ${best.score.toFixed(1)}`, unknown };
  });
}
