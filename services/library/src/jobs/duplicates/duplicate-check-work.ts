import type { Claim, DuplicateCheck, DuplicatePair, IndexedTemplate, JobProgress, Lease } from '@mien/people';
import { scoreOf } from '@mien/vision';
import type { Library, LibraryMatch } from '../../library';
import { cosineOfScore } from '../../tasks/score';
import type { BackgroundWork } from '../background';
import { LEASE_SECONDS, workOn } from '../claimed';
import { type CheckedFaces, facesAlike } from './alike';
import { Pace } from './pace';
import { pairsOf } from './pairs';

/** Faces between two saves: some seconds of work, which a crash repeats. */
const BATCH = 500;
/** The people store takes no more at once. */
const PAIRS_AT_ONCE = 10_000;

/** How often a check saves what it has, and how long it may take for that. */
export interface CheckPace {
  readonly batchSize: number;
  /** A process that does not renew its lease for so long is taken for dead. */
  readonly leaseSeconds: number;
}

/**
 * Looks for persons that are likely the same: every face is searched for among those of its groups. Goes on after a
 * crash with the batch that was not saved.
 */
export class DuplicateCheckWork implements BackgroundWork {
  readonly name = 'duplicate check';
  private readonly options: CheckPace;

  constructor(
    private readonly library: Pick<Library, 'people' | 'index' | 'model' | 'logger'>,
    options: Partial<CheckPace> = {},
  ) {
    this.options = { batchSize: BATCH, leaseSeconds: LEASE_SECONDS, ...options };
  }

  async runNext(signal: AbortSignal): Promise<boolean> {
    const { people, logger } = this.library;
    const claim = await people.duplicateChecks.claim(this.options.leaseSeconds);
    if (claim === undefined) {
      return false;
    }
    await workOn(people.duplicateChecks, claim, {
      signal,
      leaseSeconds: this.options.leaseSeconds,
      logger,
      run: (aborted) => this.run(claim, aborted),
    });
    return true;
  }

  private async run(claim: Claim<DuplicateCheck>, signal: AbortSignal): Promise<void> {
    const { people, index, model } = this.library;
    const { groupIds, modelVersion, minimumScore } = claim.job;
    const { batchSize } = this.options;
    const calibration = model.calibrationOf(modelVersion);
    const scored = (cosine: number) => scoreOf(cosine, calibration);
    const faces = { groupIds, modelVersion, minimumCosine: cosineOfScore(minimumScore, calibration) };
    // Whatever was enrolled before the check started is found from here on.
    await index.follow();
    let done = { cursor: claim.cursor, facesDone: claim.job.facesDone };
    const pace = new Pace();
    const range = { groupIds, after: claim.cursor, upTo: claim.lastFace, batchSize };
    for await (const { entries, cursor } of people.streamTemplatesOfGroups(modelVersion, range)) {
      const matches = await this.search(entries, faces, pace, signal);
      const next = { cursor, facesDone: done.facesDone + entries.length };
      await this.save(claim.lease, pairsOf(entries, matches, scored), done, next);
      done = next;
    }
    await people.duplicateChecks.finish(claim.lease);
  }

  /** What is like each of the probes. A few are looked up at once, so that searches of users hardly wait. */
  private async search(
    probes: readonly IndexedTemplate[],
    faces: CheckedFaces,
    pace: Pace,
    signal: AbortSignal,
  ): Promise<readonly (readonly LibraryMatch[])[]> {
    const found: (readonly LibraryMatch[])[] = [];
    while (found.length < probes.length) {
      signal.throwIfAborted();
      const some = probes.slice(found.length, found.length + pace.size);
      const started = performance.now();
      found.push(...(await facesAlike(this.library.index, some, faces)));
      pace.took(some.length, performance.now() - started);
    }
    return found;
  }

  /** All of the pairs are saved before the faces that they came from count as done. */
  private async save(
    lease: Lease,
    pairs: readonly DuplicatePair[],
    before: JobProgress,
    after: JobProgress,
  ): Promise<void> {
    const { duplicateChecks } = this.library.people;
    const { leaseSeconds } = this.options;
    let left = pairs;
    while (left.length > PAIRS_AT_ONCE) {
      await duplicateChecks.save(lease, { ...before, pairs: left.slice(0, PAIRS_AT_ONCE) }, leaseSeconds);
      left = left.slice(PAIRS_AT_ONCE);
    }
    await duplicateChecks.save(lease, { ...after, pairs: left }, leaseSeconds);
  }
}
