import type { ModelPack, PackedModel } from '@mien/models';
import { invert } from '../image/affine';
import type { RgbImage } from '../image/rgb-image';
import { inputTensor } from '../inference/input-tensor';
import { type InferenceOptions, ModelSession } from '../inference/model-session';
import { imageInput, outputOf, squareSide } from '../inference/model-tensors';
import { EYE_CORNERS } from './landmark-groups';
import { between, distance, eyeLineRoll, type Mesh, mapPoints, meshPoint } from './mesh';
import { type Region, regionMap } from './region';
import { regionPicture } from './region-picture';

const SIDES = ['left', 'right'] as const;

/** A side of the picture. */
export type Side = (typeof SIDES)[number];

/** One eye as the iris model sees it, in pixels of the picture. */
export interface EyeFound {
  /** 16 x (x, y, z): the outline, in the order of EYE_OUTLINE. */
  readonly outline: Float32Array;
  /** 5 x (x, y, z): the iris' centre and four points on its rim. */
  readonly iris: Float32Array;
}

export interface Eyes {
  readonly left: EyeFound;
  readonly right: EyeFound;
}

/** The points that the model gives: 71 of eye and brow, the lids' outline first, then five of the iris. */
const POINTS = 76;
const OUTLINE_POINTS = 16;

/** Eye outlines and irises. */
export class IrisModel {
  constructor(
    private readonly session: ModelSession,
    private readonly model: PackedModel<'iris'>,
  ) {}

  /** Throws MODEL_PACK_INVALID when the pack's iris model can't be used. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<IrisModel> {
    const model = pack.model('iris');
    return new IrisModel(await ModelSession.open(model.path, options), model);
  }

  /** Both eyes of each face, all in one inference. The model knows one side: the other is shown to it mirrored. */
  async find(faces: readonly { picture: RgbImage; mesh: Mesh }[]): Promise<Eyes[]> {
    const { input, outputs, iris } = this.model;
    const size = squareSide(input);
    const views = faces.flatMap(({ picture, mesh }) =>
      SIDES.map((side) => ({
        picture,
        region: eyeRegion(mesh, side, iris.cropScale),
        mirrored: iris.mirroredEye === `picture-${side}`,
      })),
    );
    const pictures = views.map(({ picture, region, mirrored }) =>
      regionPicture(picture, region, size, mirrored),
    );
    const results = await this.session.run({
      [input.name]: inputTensor(pictures, imageInput(input), this.session.memory),
    });
    const points = outputOf(results, outputs.points.name, views.length * POINTS * 3);
    const eyes = views.map(({ region, mirrored }, index) => {
      const eye = points.slice(index * POINTS * 3, (index + 1) * POINTS * 3);
      mapPoints(eye, invert(regionMap(region, size, mirrored)));
      return { outline: eye.slice(0, OUTLINE_POINTS * 3), iris: eye.slice(iris.centreIndex * 3) };
    });
    return faces.flatMap((_, index) => {
      const left = eyes[index * 2];
      const right = eyes[index * 2 + 1];
      return left && right ? [{ left, right }] : [];
    });
  }

  async close(): Promise<void> {
    await this.session.close();
  }
}

function eyeRegion(mesh: Mesh, side: Side, cropScale: number): Region {
  const outer = meshPoint(mesh, EYE_CORNERS[side].outer);
  const inner = meshPoint(mesh, EYE_CORNERS[side].inner);
  const middle = between(outer, inner);
  return { ...middle, side: distance(outer, inner) * cropScale, roll: eyeLineRoll(mesh) };
}
