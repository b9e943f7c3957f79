import type { DuplicateCheck, DuplicateCluster, DuplicatePair, LibraryJob, ModelUpgrade } from '@mien/proto';
import { momentText } from './moment';
import { textTable } from './table';
import { word } from './word';

const JOB_HEAD = ['id', 'state', 'progress', 'faces', 'started'];

/** Duplicate checks for a terminal, one a row. */
export function duplicateCheckTable(checks: readonly DuplicateCheck[]): string {
  return textTable(
    [...JOB_HEAD, 'groups', 'from score', 'pairs'],
    checks.map(({ job, groupIds, minimumScore, pairsFound }) => [
      ...jobCells(job),
      groupIds.join(', '),
      String(minimumScore),
      String(pairsFound),
    ]),
  );
}

/** Model upgrades for a terminal, one a row. */
export function modelUpgradeTable(upgrades: readonly ModelUpgrade[]): string {
  return textTable(
    [...JOB_HEAD, 'group', 'from', 'to'],
    upgrades.map(({ job, groupId, fromVersion, toVersion }) => [
      ...jobCells(job),
      groupId,
      fromVersion,
      toVersion,
    ]),
  );
}

/** An upgrade with the faces that stand against it. */
export function modelUpgradeText(upgrade: ModelUpgrade): string {
  const { failedFaces } = upgrade;
  const failed = failedFaces.map(({ faceId, refusal }) => [
    faceId,
    `${refusal?.reason ?? ''}: ${refusal?.message ?? ''}`,
  ]);
  const table = modelUpgradeTable([upgrade]);
  return failed.length === 0 ? table : `${table}\n${textTable(['failed face', 'why'], failed)}`;
}

export function pairTable(pairs: readonly DuplicatePair[]): string {
  return textTable(
    ['score', 'person', 'person'],
    pairs.map(({ first, second, score }) => [
      score.toFixed(1),
      first?.personId ?? '',
      second?.personId ?? '',
    ]),
  );
}

export function clusterTable(clusters: readonly DuplicateCluster[]): string {
  return textTable(
    ['persons', 'weakest score'],
    clusters.map(({ personIds, minimumScore }) => [personIds.join(', '), minimumScore.toFixed(1)]),
  );
}

function jobCells(job: LibraryJob | undefined): string[] {
  if (job === undefined) {
    return JOB_HEAD.map(() => '');
  }
  const { id, state, progress, facesDone, facesTotal, startedAt, failure } = job;
  const stateText = word(state, 'LIBRARY_JOB_STATE_');
  return [
    id,
    failure === undefined ? stateText : `${stateText} (${failure.reason})`,
    `${progress.toFixed(0)} %`,
    `${facesDone} of ${facesTotal}`,
    momentText(startedAt),
  ];
}
