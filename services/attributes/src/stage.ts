import { MienError } from '@mien/errors';
import { loadPack } from '@mien/models';
import type { Attributes, FaceOnLine, Job, Photo } from '@mien/proto';
import type { Stage, StageContext, StageFactory } from '@mien/service';
import { AttributeAnalyser, type AttributeInput, rgbImage } from '@mien/vision';
import { z } from 'zod';

/** Says of every face what it looks like. */
class AttributesStage implements Stage {
  constructor(private readonly analyser: AttributeAnalyser) {}

  async process(job: Job, context: StageContext): Promise<Job> {
    const faces = job.photos.flatMap((photo) => (photo.problem ? [] : photo.faces));
    if (faces.length === 0) {
      return job;
    }
    const inputs = faces.map(attributeInput);
    const found = await context.inference(inputs.length, () => this.analyser.analyse(inputs));
    const attributes = new Map(faces.map((face, index) => [face, found[index]]));
    const photos = job.photos.map(
      (photo): Photo => ({
        ...photo,
        faces: photo.faces.map((face) => withAttributes(face, attributes.get(face))),
      }),
    );
    return { ...job, photos };
  }

  async close(): Promise<void> {
    await this.analyser.close();
  }
}

function withAttributes(face: FaceOnLine, attributes: Attributes | undefined): FaceOnLine {
  return face.answer && attributes ? { ...face, answer: { ...face.answer, attributes } } : face;
}

/** Throws INTERNAL when an earlier stage left out what it should have added. */
function attributeInput({ answer, context, mesh }: FaceOnLine): AttributeInput {
  if (!answer?.box || context?.pixels?.$case !== 'rgb' || mesh.length === 0) {
    throw new MienError('INTERNAL', 'a face came to the attributes stage without box, pixels or mesh');
  }
  const { width, height, left, top, scale } = context;
  return {
    context: { image: rgbImage(context.pixels.value, width, height), left, top, scale },
    box: answer.box,
    mesh,
  };
}

/** The stage has no settings of its own. */
const configSchema = z.object({});

export const attributesFactory: StageFactory<z.infer<typeof configSchema>> = {
  name: 'attributes',
  configSchema,
  create: async ({ modelPack, inferenceThreads, inferenceProvider }) =>
    new AttributesStage(
      await AttributeAnalyser.open(loadPack(modelPack), {
        threads: inferenceThreads,
        provider: inferenceProvider,
      }),
    ),
};
