import { MienError } from '@mien/errors';
import type { ModelPack, PackedModel } from '@mien/models';
import { invert } from '../image/affine';
import type { RgbImage } from '../image/rgb-image';
import { inputTensor } from '../inference/input-tensor';
import { type InferenceOptions, ModelSession } from '../inference/model-session';
import { imageInput, outputOf, squareSide } from '../inference/model-tensors';
import { MESH_POINTS, type Mesh, mapPoints } from './mesh';
import { type Region, regionMap } from './region';
import { regionPicture } from './region-picture';

/** A picture and the square of it that holds a face. */
export interface FaceRegion {
  readonly picture: RgbImage;
  readonly region: Region;
}

export interface MeshFound {
  readonly mesh: Mesh;
  /** The model's own belief that the region holds a face, 0..1. */
  readonly presence: number;
}

const FLOATS = MESH_POINTS * 3;

/** The 468-point face mesh. */
export class MeshModel {
  constructor(
    private readonly session: ModelSession,
    private readonly model: PackedModel<'mesh'>,
  ) {}

  /** Throws MODEL_PACK_INVALID when the pack's mesh model can't be used. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<MeshModel> {
    const model = pack.model('mesh');
    if (model.mesh.points !== MESH_POINTS) {
      throw new MienError(
        'MODEL_PACK_INVALID',
        `the mesh model has ${model.mesh.points} points, not ${MESH_POINTS}`,
      );
    }
    return new MeshModel(await ModelSession.open(model.path, options), model);
  }

  /** Side of the crop that the model wants, in sides of the face. */
  get cropScale(): number {
    return this.model.mesh.cropScale;
  }

  /** One mesh for each region, in pixels of its picture, all in one inference. */
  async find(faces: readonly FaceRegion[]): Promise<MeshFound[]> {
    const { input, outputs } = this.model;
    const size = squareSide(input);
    const pictures = faces.map(({ picture, region }) => regionPicture(picture, region, size));
    const results = await this.session.run({
      [input.name]: inputTensor(pictures, imageInput(input), this.session.memory),
    });
    const meshes = outputOf(results, outputs.mesh.name, faces.length * FLOATS);
    const presences = outputOf(results, outputs.presence.name, faces.length);
    return faces.map(({ region }, index) => {
      const mesh = meshes.slice(index * FLOATS, (index + 1) * FLOATS);
      mapPoints(mesh, invert(regionMap(region, size)));
      return { mesh, presence: presences[index] ?? 0 };
    });
  }

  async close(): Promise<void> {
    await this.session.close();
  }
}
