import type { ModelPack } from '@mien/models';
import {
  AttributeAnalyser,
  centralFace,
  Embedder,
  FaceAligner,
  maskIsLikely,
  type RgbImage,
  UpperFaceEmbedder,
} from '@mien/vision';
import { holdsCentre } from '../lfw/central-face';

/** A face as both comparisons see it. */
export interface ComparedFace {
  readonly whole: Float32Array;
  readonly upper: Float32Array;
  /** Whether a comparison that depends on masks would take it for masked. */
  readonly takenForMasked: boolean;
}

const DETECTION = { minFaceSize: 20, maxFaces: 120, rotationSearch: false };

/** Reads the central faces of photos for both comparisons, as the line would. */
export class FaceReader {
  private constructor(
    private readonly aligner: FaceAligner,
    private readonly analyser: AttributeAnalyser,
    private readonly embedder: Embedder,
    private readonly upperFaces: UpperFaceEmbedder,
  ) {}

  /** Throws when the pack's embedding model has no settings for masked faces. */
  static async open(pack: ModelPack): Promise<FaceReader> {
    const options = { threads: 1 };
    const embedder = await Embedder.open(pack, options);
    const upperFaces = UpperFaceEmbedder.of(embedder);
    if (upperFaces === undefined) {
      throw new Error('the pack has no settings for masked faces');
    }
    const aligner = await FaceAligner.open(pack, options);
    return new FaceReader(aligner, await AttributeAnalyser.open(pack, options), embedder, upperFaces);
  }

  /** Undefined when no face is found at the centre. */
  async read(photo: RgbImage): Promise<ComparedFace | undefined> {
    const [face] = await this.aligner.align(photo, DETECTION, (found) => centralFace(found, photo));
    if (face === undefined || !holdsCentre(face.detection.box)) {
      return undefined;
    }
    const [attributes] = await this.analyser.analyse([face.view]);
    const [whole] = await this.embedder.embed([face.aligned]);
    const [upper] = await this.upperFaces.embed([face.aligned]);
    return {
      whole: Float32Array.from(whole?.vector ?? []),
      upper: Float32Array.from(upper?.vector ?? []),
      takenForMasked: attributes !== undefined && maskIsLikely(attributes),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.aligner.close(), this.analyser.close(), this.embedder.close()]);
  }
}
