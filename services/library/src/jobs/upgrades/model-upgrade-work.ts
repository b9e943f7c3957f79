import { asMienError } from '@mien/errors';
import type {
  Claim,
  FaceLackingTemplate,
  FailedFace,
  JobProgress,
  ModelUpgrade,
  NewTemplate,
} from '@mien/people';
import type { Library } from '../../library';
import type { BackgroundWork } from '../background';
import { LEASE_SECONDS, workOn } from '../claimed';
import type { CropEmbedder, Embedded } from './embed-crops';

/** Faces that the embedder is given at once: as many as one inference of its takes. */
const BATCH = 16;

export interface UpgradePace {
  readonly batchSize: number;
  /** A process that does not renew its lease for so long is taken for dead. */
  readonly leaseSeconds: number;
}

/**
 * Has groups searched with another model: gives every face of theirs that lacks it a template of the other model, made
 * of its stored crop, and then switches the groups. Until then they are searched as before, and afterwards no face is
 * missing. Faces that no template can be made of keep the groups from switching: the upgrade fails and names them.
 */
export class ModelUpgradeWork implements BackgroundWork {
  readonly name = 'model upgrade';
  private readonly pace: UpgradePace;

  constructor(
    private readonly library: Pick<Library, 'people' | 'index' | 'model' | 'logger'>,
    private readonly crops: CropEmbedder,
    pace: Partial<UpgradePace> = {},
  ) {
    this.pace = { batchSize: BATCH, leaseSeconds: LEASE_SECONDS, ...pace };
  }

  async runNext(signal: AbortSignal): Promise<boolean> {
    const { people, logger } = this.library;
    const { leaseSeconds } = this.pace;
    const claim = await people.modelUpgrades.claim(leaseSeconds);
    if (claim === undefined) {
      return false;
    }
    const run = (aborted: AbortSignal) => this.run(claim, aborted);
    await workOn(people.modelUpgrades, claim, { signal, leaseSeconds, logger, run });
    return true;
  }

  private async run(claim: Claim<ModelUpgrade>, signal: AbortSignal): Promise<void> {
    this.library.model.calibrationOf(claim.job.toVersion);
    let done = await this.progressOf(claim);
    for (;;) {
      const after = await this.embedLacking(claim, done, signal);
      if (await this.switchGroups(claim, after.facesDone > done.facesDone)) {
        return;
      }
      // Faces came meanwhile from enrolments that did not know of the other model.
      done = { cursor: 0, facesDone: after.facesDone };
    }
  }

  /** Faces that have the other model's template already are done before the upgrade starts. */
  private async progressOf({ job, cursor, lastFace }: Claim<ModelUpgrade>): Promise<JobProgress> {
    if (cursor > 0) {
      return { cursor, facesDone: job.facesDone };
    }
    let lacking = 0;
    const range = { groupIds: job.groupIds, upTo: lastFace };
    for await (const { entries } of this.library.people.streamFacesLackingTemplate(job.toVersion, range)) {
      lacking += entries.length;
    }
    return { cursor, facesDone: Math.max(0, job.facesTotal - lacking) };
  }

  /** How far it came: `facesDone` grows with every template that was made. */
  private async embedLacking(
    { job, lease }: Claim<ModelUpgrade>,
    from: JobProgress,
    signal: AbortSignal,
  ): Promise<JobProgress> {
    const { people, index } = this.library;
    const { batchSize, leaseSeconds } = this.pace;
    const { groupIds, toVersion } = job;
    let done = from;
    const range = { groupIds, after: from.cursor, batchSize };
    for await (const { entries, cursor } of people.streamFacesLackingTemplate(toVersion, range)) {
      const embedded = await this.embedAll(entries, toVersion, signal);
      const templates = embedded.flatMap((face) => templateOf(face, toVersion));
      const progress = { cursor, facesDone: done.facesDone + templates.length };
      const failed = embedded.flatMap(failureOf);
      await people.modelUpgrades.save(lease, { ...progress, templates, failed }, leaseSeconds);
      await index.follow();
      done = progress;
    }
    return done;
  }

  /** A stream's batches are only about as large as they were asked to be. */
  private async embedAll(
    faces: readonly FaceLackingTemplate[],
    toVersion: string,
    signal: AbortSignal,
  ): Promise<readonly Embedded[]> {
    const embedded: Embedded[] = [];
    for (let start = 0; start < faces.length; start += BATCH) {
      signal.throwIfAborted();
      embedded.push(...(await this.crops.embed(faces.slice(start, start + BATCH), toVersion, signal)));
    }
    return embedded;
  }

  /** False when faces lack templates that can still be made: those that came while this went on. */
  private async switchGroups({ job, lease }: Claim<ModelUpgrade>, cameForward: boolean): Promise<boolean> {
    const { people, index } = this.library;
    await index.load(job.toVersion);
    await index.follow();
    try {
      await people.modelUpgrades.finish(lease);
      return true;
    } catch (thrown) {
      const error = asMienError(thrown);
      if (error.reason !== 'TEMPLATES_MISSING' || !cameForward) {
        throw error;
      }
      return false;
    }
  }
}

function templateOf(face: Embedded, modelVersion: string): NewTemplate[] {
  return 'vector' in face ? [{ faceId: face.faceId, modelVersion, template: face.vector }] : [];
}

function failureOf(face: Embedded): FailedFace[] {
  return 'refusal' in face
    ? [{ faceId: face.faceId, reason: face.refusal.reason, message: face.refusal.message }]
    : [];
}
