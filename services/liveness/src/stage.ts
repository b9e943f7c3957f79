import { loadPack } from '@mien/models';
import type { FaceOnLine, Job, Liveness, Photo } from '@mien/proto';
import type { Stage, StageContext, StageFactory } from '@mien/service';
import { LivenessJudge } from '@mien/vision';
import { z } from 'zod';
import { faceToJudge } from './face-to-judge';

/** Judges every face of a job: live, or photographed from a print or a screen. */
class LivenessStage implements Stage {
  constructor(private readonly judge: LivenessJudge) {}

  async process(job: Job, context: StageContext): Promise<Job> {
    const faces = job.photos.flatMap((photo) =>
      photo.problem ? [] : photo.faces.map((face) => ({ photo, face })),
    );
    if (faces.length === 0) {
      return job;
    }
    const toJudge = faces.map(({ photo, face }) => faceToJudge(photo, face));
    const threshold = job.options?.livenessThreshold;
    const found = await context.inference(faces.length, () => this.judge.judge(toJudge, threshold));
    return withLiveness(job, new Map(faces.map(({ face }, i) => [face, found[i]])));
  }

  async close(): Promise<void> {
    await this.judge.close();
  }
}

function withLiveness(job: Job, judged: ReadonlyMap<FaceOnLine, Liveness | undefined>): Job {
  const answered = (face: FaceOnLine): FaceOnLine => {
    const liveness = judged.get(face);
    return face.answer && liveness ? { ...face, answer: { ...face.answer, liveness } } : face;
  };
  const photos = job.photos.map((photo): Photo => ({ ...photo, faces: photo.faces.map(answered) }));
  return { ...job, photos };
}

/** The stage has no settings of its own. */
const configSchema = z.object({});

export const livenessFactory: StageFactory<z.infer<typeof configSchema>> = {
  name: 'liveness',
  configSchema,
  create: async ({ modelPack, inferenceThreads, inferenceProvider }) =>
    new LivenessStage(
      await LivenessJudge.open(loadPack(modelPack), {
        threads: inferenceThreads,
        provider: inferenceProvider,
      }),
    ),
};
