import { MienError } from '@mien/errors';
import type { FaceOnLine, Job, Photo, Similarity } from '@mien/proto';
import type { Stage, StageContext, StageFactory } from '@mien/service';
import { type RgbImage, rgbImage, similarity } from '@mien/vision';
import { z } from 'zod';
import { Embedders, type FaceTemplates } from './embedders';

/** Turns aligned faces into templates, and compares the first faces of two photos. */
class EmbedderStage implements Stage {
  constructor(private readonly embedders: Embedders) {}

  async process(job: Job, context: StageContext): Promise<Job> {
    const faces = job.photos.flatMap((photo) => (photo.problem ? [] : photo.faces));
    if (faces.length === 0) {
      return job;
    }
    const aligned = faces.map(alignedPicture);
    const wanted = job.options?.features?.template === true;
    const found = await context.inference(aligned.length, () => this.templatesOf(aligned, wanted));
    const templates = new Map(faces.map((face, index) => [face, found[index]]));
    const answered = {
      ...job,
      ...(job.options?.compare && { similarity: this.compare(job, templates) }),
      ...(job.options?.calibration && { calibration: { knots: [...this.embedders.calibration.knots] } }),
    };
    return wanted ? withTemplates(answered, templates) : answered;
  }

  /** Further models only work for who will see what they say. */
  private async templatesOf(aligned: readonly RgbImage[], ofAllModels: boolean): Promise<FaceTemplates[]> {
    if (ofAllModels) {
      return this.embedders.embedWithAll(aligned);
    }
    return (await this.embedders.embed(aligned)).map((template) => ({ template, others: [] }));
  }

  /** Undefined when one of the photos has no face to compare; its problem then says why. */
  private compare(job: Job, templates: Templates): Similarity | undefined {
    const [a, b] = job.photos.map(({ faces: [first] }) => first && templates.get(first)?.template);
    return a && b && similarity(a, b, this.embedders.calibration);
  }

  async close(): Promise<void> {
    await this.embedders.close();
  }
}

/** The templates of the faces that were embedded. */
type Templates = ReadonlyMap<FaceOnLine, FaceTemplates | undefined>;

function withTemplates(job: Job, templates: Templates): Job {
  const withTemplate = (face: FaceOnLine): FaceOnLine => {
    const found = templates.get(face);
    if (face.answer === undefined || found === undefined) {
      return face;
    }
    const answer = { ...face.answer, template: found.template };
    return { ...face, answer, otherTemplates: [...found.others] };
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

const configSchema = z
  .object({
    /**
     * Manifests of further packs, separated by commas: of these only the embedding models are used. While groups move
     * from one model to another, faces get templates of both.
     */
    MIEN_EXTRA_EMBEDDING_PACKS: z.string().default(''),
  })
  .transform((env) => ({
    furtherPacks: env.MIEN_EXTRA_EMBEDDING_PACKS.split(',')
      .map((path) => path.trim())
      .filter((path) => path !== ''),
  }));

export const embedderFactory: StageFactory<z.infer<typeof configSchema>> = {
  name: 'embedder',
  configSchema,
  create: async ({ modelPack, inferenceThreads, config }) =>
    new EmbedderStage(await Embedders.open(modelPack, config.furtherPacks, { threads: inferenceThreads })),
};
