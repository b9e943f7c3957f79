import { MienError } from '@mien/errors';
import type { ModelPack, PackedModel } from '@mien/models';
import type { Template } from '@mien/proto';
import { type RgbImage, rgbImage } from '../image/rgb-image';
import { inputTensor } from '../inference/input-tensor';
import { type InferenceOptions, ModelSession } from '../inference/model-session';
import { imageInput, outputOf } from '../inference/model-tensors';
import type { ScoreCalibration } from './similarity';
import type { UpperFaceSettings } from './upper-face';

/** Faces in one inference: more costs memory and brings no speed. */
const BATCH = 16;

/** Turns aligned faces into templates. */
export class Embedder {
  private constructor(
    private readonly session: ModelSession,
    private readonly model: PackedModel<'embedding'>,
  ) {}

  /** Opens the pack's embedding model. Throws PackError or MODEL_PACK_INVALID. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<Embedder> {
    const model = pack.model('embedding');
    return new Embedder(await ModelSession.open(model.path, options), model);
  }

  /** Travels with every template: templates of two versions are never compared. */
  get modelVersion(): string {
    return this.model.version;
  }

  /** How this model's cosines become scores. */
  get calibration(): ScoreCalibration {
    return this.model.embedding.calibration;
  }

  /** How this model compares what masks leave free; undefined when it was not measured for that. */
  get upperFace(): UpperFaceSettings | undefined {
    return this.model.embedding.upperFace;
  }

  /**
   * One template for each aligned face (as alignFace makes them), in the order given, L2-normalised. Throws INTERNAL
   * when a face is not of the model's input size.
   */
  async embed(aligned: readonly RgbImage[]): Promise<Template[]> {
    const batch = this.model.input.batch ? BATCH : 1;
    const templates: Template[] = [];
    for (let start = 0; start < aligned.length; start += batch) {
      templates.push(...(await this.embedBatch(aligned.slice(start, start + batch))));
    }
    return templates;
  }

  private async embedBatch(faces: readonly RgbImage[]): Promise<Template[]> {
    const vectors = await this.vectorsOf(faces);
    const mirrored = this.model.embedding.flipAverage ? await this.vectorsOf(faces.map(mirror)) : [];
    return vectors.map((vector, index) => {
      const other = mirrored[index];
      const both = other ? normalised(vector.map((value, at) => value + (other[at] ?? 0))) : vector;
      return { modelVersion: this.model.version, vector: both };
    });
  }

  private async vectorsOf(faces: readonly RgbImage[]): Promise<number[][]> {
    const { input, outputs, embedding } = this.model;
    const results = await this.session.run({
      [input.name]: inputTensor(faces, imageInput(input), this.session.memory),
    });
    const values = outputOf(results, outputs.embedding.name, faces.length * embedding.size);
    return faces.map((_, index) =>
      normalised(values.subarray(index * embedding.size, (index + 1) * embedding.size)),
    );
  }

  async close(): Promise<void> {
    await this.session.close();
  }
}

/** The vector at length 1. Throws MODEL_PACK_INVALID for a vector without direction. */
export function normalised(vector: Iterable<number>): number[] {
  const values = [...vector];
  const length = Math.hypot(...values);
  if (!(length > 0 && Number.isFinite(length))) {
    throw new MienError('MODEL_PACK_INVALID', 'the embedding model gave a vector without direction');
  }
  return values.map((value) => value / length);
}

/** The picture, left and right swapped. */
function mirror(picture: RgbImage): RgbImage {
  const { data, width, height } = picture;
  const mirrored = new Uint8Array(data.length);
  for (let row = 0; row < height; row++) {
    for (let x = 0; x < width; x++) {
      const from = (row * width + x) * 3;
      mirrored.set(data.subarray(from, from + 3), (row * width + width - 1 - x) * 3);
    }
  }
  return rgbImage(mirrored, width, height);
}
