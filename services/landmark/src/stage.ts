import { loadPack } from '@mien/models';
import type { Job, Photo } from '@mien/proto';
import type { Stage, StageContext, StageFactory } from '@mien/service';
import { LandmarkLocator } from '@mien/vision';
import { z } from 'zod';
import { answeredFace, wantedOf } from './answer';
import { croppedFace, locatedFace, locateInput } from './located-face';
import { qualityProblem } from './quality-check';

/** Finds the features of every face, and from them pose, openness, quality and the aligned face. */
class LandmarkStage implements Stage {
  constructor(
    private readonly locator: LandmarkLocator,
    private readonly alignedSide: number | undefined,
  ) {}

  async process(job: Job, context: StageContext): Promise<Job> {
    const faces = job.photos.flatMap((photo) =>
      photo.problem ? [] : photo.faces.map((face) => croppedFace(face, photo)),
    );
    if (faces.length === 0) {
      return job;
    }
    const found = await context.inference(faces.length, () => this.locator.locate(faces.map(locateInput)));
    const located = faces.flatMap((face, index) => {
      const geometry = found[index];
      return geometry ? [locatedFace(face, geometry)] : [];
    });
    const wanted = wantedOf(job.options, this.alignedSide);
    const answers = new Map(located.map((face) => [face.face, answeredFace(face, wanted)]));
    const geometries = new Map(located.map((face) => [face.face, face.inPhoto]));
    const photos = job.photos.map((photo): Photo => {
      const answered = photo.faces.map((face) => answers.get(face) ?? face);
      const problem =
        photo.problem ??
        qualityProblem(
          answered,
          photo.faces.map((face) => geometries.get(face)),
          job.options,
        );
      return { ...photo, faces: answered, problem };
    });
    return { ...job, photos };
  }

  async close(): Promise<void> {
    await this.locator.close();
  }
}

/** The stage has no settings of its own. */
const configSchema = z.object({});

export const landmarkFactory: StageFactory<z.infer<typeof configSchema>> = {
  name: 'landmark',
  configSchema,
  async create({ modelPack, inferenceThreads, inferenceProvider }) {
    const pack = loadPack(modelPack);
    const size = pack.find('embedding')?.input.size;
    const alignedSide = size?.kind === 'fixed' ? size.width : undefined;
    return new LandmarkStage(
      await LandmarkLocator.open(pack, { threads: inferenceThreads, provider: inferenceProvider }),
      alignedSide,
    );
  },
};
