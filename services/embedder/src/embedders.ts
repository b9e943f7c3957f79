import { MienError } from '@mien/errors';
import { loadPack, type PackedModel } from '@mien/models';
import type { Template } from '@mien/proto';
import {
  Embedder,
  type InferenceOptions,
  type RgbImage,
  type ScoreCalibration,
  UpperFaceEmbedder,
} from '@mien/vision';

/** What one face is to each of the models. */
export interface FaceTemplates {
  /** Of the main pack's model. */
  readonly template: Template;
  /** Of the further packs' models, in their order. */
  readonly others: readonly Template[];
}

/** The main pack's embedding model, and those of further packs that look at the same aligned faces. */
export class Embedders {
  /** For comparisons by what masks leave free, with the main model; undefined when that was not measured on masks. */
  readonly upperFaces: UpperFaceEmbedder | undefined;

  private constructor(
    private readonly main: Embedder,
    private readonly further: readonly Embedder[],
  ) {
    this.upperFaces = UpperFaceEmbedder.of(main);
  }

  /**
   * Opens the embedding models of the packs whose manifests are named. Throws PackError, MODEL_PACK_INVALID, and
   * CONFIGURATION_INVALID when a further model is aligned otherwise than the main one or has another's version.
   */
  static async open(
    mainManifest: string,
    furtherManifests: readonly string[],
    options: InferenceOptions,
  ): Promise<Embedders> {
    const packs = [mainManifest, ...furtherManifests].map((manifest) => loadPack(manifest));
    checkTogether(packs.map((pack) => pack.model('embedding')));
    const opened: Embedder[] = [];
    try {
      for (const pack of packs) {
        opened.push(await Embedder.open(pack, options));
      }
    } catch (error) {
      await closeAll(opened);
      throw error;
    }
    const [main, ...further] = opened;
    if (main === undefined) {
      throw new MienError('INTERNAL', 'no embedding model was opened');
    }
    return new Embedders(main, further);
  }

  /** How the main model's cosines become scores. */
  get calibration(): ScoreCalibration {
    return this.main.calibration;
  }

  /** The main model's template of each aligned face. */
  embed(aligned: readonly RgbImage[]): Promise<Template[]> {
    return this.main.embed(aligned);
  }

  /** Every model's template of each aligned face. */
  async embedWithAll(aligned: readonly RgbImage[]): Promise<FaceTemplates[]> {
    const templates = await this.main.embed(aligned);
    const byModel: Template[][] = [];
    for (const embedder of this.further) {
      byModel.push(await embedder.embed(aligned));
    }
    return templates.map((template, face) => ({
      template,
      others: byModel.map((ofModel) => ofModel[face]).filter((other) => other !== undefined),
    }));
  }

  close(): Promise<void> {
    return closeAll([this.main, ...this.further]);
  }
}

/** An aligned face is cut once, for all models: they have to agree on what that is. */
function checkTogether([main, ...further]: readonly PackedModel<'embedding'>[]): void {
  const versions = new Set([main?.version]);
  for (const model of further) {
    if (main === undefined || !sameAlignment(main, model)) {
      throw new MienError(
        'CONFIGURATION_INVALID',
        `embedding model ${model.version} wants faces aligned otherwise than the main pack's ${main?.version}`,
      );
    }
    if (versions.has(model.version)) {
      throw new MienError('CONFIGURATION_INVALID', `two embedding models have the version ${model.version}`);
    }
    versions.add(model.version);
  }
}

function sameAlignment(a: PackedModel<'embedding'>, b: PackedModel<'embedding'>): boolean {
  const [one, other] = [a.input.size, b.input.size];
  return (
    a.embedding.template === b.embedding.template &&
    one.kind === 'fixed' &&
    other.kind === 'fixed' &&
    one.width === other.width &&
    one.height === other.height
  );
}

async function closeAll(embedders: readonly Embedder[]): Promise<void> {
  await Promise.all(embedders.map((embedder) => embedder.close()));
}
