import { loadPack } from '@mien/models';
import type { FaceOnLine, Job, Photo } from '@mien/proto';
import type { Stage, StageContext, StageFactory } from '@mien/service';
import { LandmarkLocator } from '@mien/vision';
import { z } from 'zod';
import { answeredFace, wantedOf } from './answer';
import { croppedFace, locatedFace, locateInput } from './located-face';

/** Finds the features of every face, and from them pose, openness, quality and the aligned face. */
class LandmarkStage implements Stage {
  constructor(
    private readonly locator: LandmarkLocator,
    private readonly alignedSide: number | undefined,
  ) {}

  async process(job: Job, context: StageContext): Promise<Job> {
    const faces = job.photos.flatMap((photo) => (photo.problem ? [] : photo.faces.map(croppedFace)));
    if (faces.length === 0) {
      return job;
    }
    const found = await context.inference(faces.length, () => this.locator.locate(faces.map(locateInput)));
    const wanted = wantedOf(job.options, this.alignedSide);
    const answered = new Map(
      faces.flatMap((face, index): [FaceOnLine, FaceOnLine][] => {
        const geometry = found[index];
        return geometry ? [[face.face, answeredFace(locatedFace(face, geometry), wanted)]] : [];
      }),
    );
    return { ...job, photos: job.photos.map((photo) => withFaces(photo, answered)) };
  }

  async close(): Promise<void> {
    await this.locator.close();
  }
}

function withFaces(photo: Photo, answered: ReadonlyMap<FaceOnLine, FaceOnLine>): Photo {
  return { ...photo, faces: photo.faces.map((face) => answered.get(face) ?? face) };
}

/** The stage has no settings of its own. */
const configSchema = z.object({});

export const landmarkFactory: StageFactory<z.infer<typeof configSchema>> = {
  name: 'landmark',
  configSchema,
  async create({ modelPack, inferenceThreads }) {
    const pack = loadPack(modelPack);
    const size = pack.find('embedding')?.input.size;
    const alignedSide = size?.kind === 'fixed' ? size.width : undefined;
    return new LandmarkStage(await LandmarkLocator.open(pack, { threads: inferenceThreads }), alignedSide);
  },
};
