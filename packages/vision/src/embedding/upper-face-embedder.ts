import { MienError } from '@mien/errors';
import type { Template } from '@mien/proto';
import type { RgbImage } from '../image/rgb-image';
import { type Embedder, normalised } from './embedder';
import type { ScoreCalibration } from './similarity';
import { hiddenBelow, readCentre, type UpperFaceSettings } from './upper-face';

/** Turns what a mask leaves free of aligned faces into templates, masked or not. */
export class UpperFaceEmbedder {
  private readonly centre: Float32Array;

  private constructor(
    private readonly embedder: Embedder,
    private readonly settings: UpperFaceSettings,
  ) {
    this.centre = readCentre(settings.centre);
  }

  /** By an embedder's model; undefined when that was not measured on masks. The embedder stays its owner's to close. */
  static of(embedder: Embedder): UpperFaceEmbedder | undefined {
    return embedder.upperFace && new UpperFaceEmbedder(embedder, embedder.upperFace);
  }

  /** Tells these templates from those of whole faces: the two are never compared. */
  get modelVersion(): string {
    return `${this.embedder.modelVersion}+${this.settings.version}`;
  }

  /** How cosines of these templates become scores. */
  get calibration(): ScoreCalibration {
    return this.settings.calibration;
  }

  /** One template for each aligned face (as alignFace makes them), in the order given, L2-normalised. */
  async embed(aligned: readonly RgbImage[]): Promise<Template[]> {
    const rows = this.settings.hiddenBelow;
    const looks = await this.embedder.embed(
      aligned.flatMap((face) => rows.map((row) => hiddenBelow(face, row))),
    );
    return aligned.map((_, index) => {
      const ofFace = looks.slice(index * rows.length, (index + 1) * rows.length);
      return { modelVersion: this.modelVersion, vector: this.centred(summed(ofFace)) };
    });
  }

  /** Throws MODEL_PACK_INVALID when the manifest's centre is none of this model's vectors. */
  private centred(vector: readonly number[]): number[] {
    if (vector.length !== this.centre.length) {
      throw new MienError(
        'MODEL_PACK_INVALID',
        'the centre of upper faces has another length than their vectors',
      );
    }
    return normalised(vector.map((value, at) => value - (this.centre[at] ?? 0)));
  }
}

/** The direction that vectors have together. */
function summed(templates: readonly Template[]): number[] {
  const [first, ...rest] = templates.map(({ vector }) => vector);
  return normalised(
    (first ?? []).map((value, at) => rest.reduce((sum, other) => sum + (other[at] ?? 0), value)),
  );
}
