import type { FaceOnLine, Job, Photo, Similarity } from '@mien/proto';
import type { Stage, StageContext, StageFactory } from '@mien/service';
import { similarity } from '@mien/vision';
import { z } from 'zod';
import { alignedPicture } from './aligned-picture';
import { Embedders, type FaceTemplates } from './embedders';
import { compareUpperFaces, upperFacesFor } from './upper-faces';

/** Turns aligned faces into templates, and compares the first faces of two photos. */
class EmbedderStage implements Stage {
  constructor(private readonly embedders: Embedders) {}

  async process(job: Job, context: StageContext): Promise<Job> {
    const faces = job.photos.flatMap((photo) => (photo.problem ? [] : photo.faces));
    if (faces.length === 0) {
      return job;
    }
    const upperFaces = job.options?.compare ? upperFacesFor(job, this.embedders) : undefined;
    const wanted = job.options?.features?.template === true;
    // A comparison by what masks leave free looks at nothing else.
    const templates = wanted || !upperFaces ? await this.templatesOf(faces, wanted, context) : NONE;
    const similarity = upperFaces
      ? await compareUpperFaces(job, upperFaces, context)
      : this.compare(job, templates);
    const answered = {
      ...job,
      ...(job.options?.compare && { similarity }),
      ...(job.options?.calibration && { calibration: { knots: [...this.embedders.calibration.knots] } }),
    };
    return wanted ? withTemplates(answered, templates) : answered;
  }

  /** Further models only work for who will see what they say. */
  private async templatesOf(
    faces: readonly FaceOnLine[],
    ofAllModels: boolean,
    context: StageContext,
  ): Promise<Templates> {
    const aligned = faces.map(alignedPicture);
    const found = await context.inference(aligned.length, async (): Promise<FaceTemplates[]> => {
      return ofAllModels
        ? this.embedders.embedWithAll(aligned)
        : (await this.embedders.embed(aligned)).map((template) => ({ template, others: [] }));
    });
    return new Map(faces.map((face, index) => [face, found[index]]));
  }

  /** Undefined when one of the photos has no face to compare; its problem then says why. */
  private compare(job: Job, templates: Templates): Similarity | undefined {
    const [a, b] = job.photos.map(({ faces: [first] }) => first && templates.get(first)?.template);
    return a && b && { ...similarity(a, b, this.embedders.calibration), upperFaceOnly: false };
  }

  async close(): Promise<void> {
    await this.embedders.close();
  }
}

/** The templates of the faces that were embedded. */
type Templates = ReadonlyMap<FaceOnLine, FaceTemplates | undefined>;

const NONE: Templates = new Map();

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
  create: async ({ modelPack, inferenceThreads, inferenceProvider, config }) =>
    new EmbedderStage(
      await Embedders.open(modelPack, config.furtherPacks, {
        threads: inferenceThreads,
        provider: inferenceProvider,
      }),
    ),
};
