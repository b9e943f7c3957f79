import { MienError } from '@mien/errors';
import { loadPack } from '@mien/models';
import type { FaceOnLine, Job, Photo, Similarity, Template } from '@mien/proto';
import type { Stage, StageContext, StageFactory } from '@mien/service';
import { Embedder, type RgbImage, rgbImage, similarity } from '@mien/vision';
import { z } from 'zod';

/** Turns aligned faces into templates, and compares the first faces of two photos. */
class EmbedderStage implements Stage {
  constructor(private readonly embedder: Embedder) {}

  async process(job: Job, context: StageContext): Promise<Job> {
    const faces = job.photos.flatMap((photo) => (photo.problem ? [] : photo.faces));
    if (faces.length === 0) {
      return job;
    }
    const aligned = faces.map(alignedPicture);
    const found = await context.inference(aligned.length, () => this.embedder.embed(aligned));
    const templates = new Map(faces.map((face, index) => [face, found[index]]));
    const answered = job.options?.compare ? { ...job, similarity: this.compare(job, templates) } : job;
    return job.options?.features?.template ? withTemplates(answered, templates) : answered;
  }

  /** Undefined when one of the photos has no face to compare; its problem then says why. */
  private compare(job: Job, templates: Templates): Similarity | undefined {
    const [a, b] = job.photos.map(({ faces: [first] }) => first && templates.get(first));
    return a && b && similarity(a, b, this.embedder.calibration);
  }

  async close(): Promise<void> {
    await this.embedder.close();
  }
}

/** The templates of the faces that were embedded. */
type Templates = ReadonlyMap<FaceOnLine, Template | undefined>;

function withTemplates(job: Job, templates: Templates): Job {
  const withTemplate = (face: FaceOnLine): FaceOnLine => {
    const template = templates.get(face);
    return face.answer && template ? { ...face, answer: { ...face.answer, template } } : face;
  };
  const photos = job.photos.map((photo): Photo => ({ ...photo, faces: photo.faces.map(withTemplate) }));
  return { ...job, photos };
}

/** Throws INTERNAL when the landmark stage, which cuts the aligned face, left none. */
function alignedPicture({ aligned }: FaceOnLine): RgbImage {
  if (aligned?.pixels?.$case !== 'rgb') {
    throw new MienError('INTERNAL', 'a face came to the embedder without its aligned pixels');
  }
  return rgbImage(aligned.pixels.value, aligned.width, aligned.height);
}

/** The stage has no settings of its own. */
const configSchema = z.object({});

export const embedderFactory: StageFactory<z.infer<typeof configSchema>> = {
  name: 'embedder',
  configSchema,
  create: async ({ modelPack, inferenceThreads }) =>
    new EmbedderStage(await Embedder.open(loadPack(modelPack), { threads: inferenceThreads })),
};
