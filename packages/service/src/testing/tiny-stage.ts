import type { Lane, Photo } from '@mien/proto';
import { z } from 'zod';
import type { Stage, StageFactory } from '../stage/stage';

/** What a tiny stage does with each job before it stamps it. */
export type Work = (lane: Lane) => Promise<void>;

/** A stage without a model: it leaves its stamp in the job, where tests can see it. */
export function tinyStage(
  name: StageFactory['name'],
  stampText: string,
  work: Work = async () => {},
): StageFactory<unknown> {
  return { name, configSchema: z.object({}), create: async () => stageOf(stampText, work) };
}

function stageOf(stampText: string, work: Work): Stage {
  return {
    process: async (job, context) => {
      context.logger.debug({ job: job.id }, 'tiny stage at work');
      await context.inference(3, () => work(job.lane));
      return { ...job, photos: [...job.photos, stampPhoto(stampText)] };
    },
    close: async () => {},
  };
}

function stampPhoto(text: string): Photo {
  return { image: { key: text, sha256: '', size: 0 }, width: 0, height: 0, faces: [], problem: undefined };
}
