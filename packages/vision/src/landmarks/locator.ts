import type { ModelPack } from '@mien/models';
import type { BoundingBox } from '@mien/proto';
import type { RgbImage } from '../image/rgb-image';
import type { InferenceOptions } from '../inference/model-session';
import type { FaceGeometry } from './face-geometry';
import { IrisModel } from './iris-model';
import { MeshModel } from './mesh-model';
import { searchMeshes } from './mesh-search';
import { type Region, scaleRegion } from './region';

/** A face to locate. */
export interface LocateInput {
  readonly picture: RgbImage;
  /** The detector's box, in pixels of the picture. */
  readonly box: BoundingBox;
  /** Turn of the picture, clockwise in degrees, at which the face stands upright. */
  readonly rotation: number;
}

/** Faces in one inference: more costs memory and brings no speed. */
const BATCH = 16;

/** Finds the mesh and the irises of faces. */
export class LandmarkLocator {
  private constructor(
    private readonly meshModel: MeshModel,
    private readonly irisModel: IrisModel,
  ) {}

  /** Opens the pack's mesh and iris models. Throws PackError or MODEL_PACK_INVALID. */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<LandmarkLocator> {
    const meshModel = await MeshModel.open(pack, options);
    return new LandmarkLocator(meshModel, await IrisModel.open(pack, options));
  }

  /** The geometry of each face, in pixels of its picture, in the order given. */
  async locate(faces: readonly LocateInput[]): Promise<FaceGeometry[]> {
    const located: FaceGeometry[] = [];
    for (let start = 0; start < faces.length; start += BATCH) {
      located.push(...(await this.locateBatch(faces.slice(start, start + BATCH))));
    }
    return located;
  }

  private async locateBatch(faces: readonly LocateInput[]): Promise<FaceGeometry[]> {
    const found = await searchMeshes(
      this.meshModel,
      faces.map(({ picture, box, rotation }) => ({
        picture,
        region: scaleRegion(boxRegion(box, rotation), this.meshModel.cropScale),
      })),
    );
    const withMesh = found.flatMap(({ mesh, presence }, index) => {
      const picture = faces[index]?.picture;
      return picture ? [{ picture, mesh, presence }] : [];
    });
    const eyes = await this.irisModel.find(withMesh);
    return withMesh.flatMap(({ mesh, presence }, index) => {
      const found = eyes[index];
      return found ? [{ mesh, presence, eyes: found }] : [];
    });
  }

  async close(): Promise<void> {
    await this.meshModel.close();
    await this.irisModel.close();
  }
}

function boxRegion(box: BoundingBox, rotation: number): Region {
  return {
    x: box.x + box.width / 2,
    y: box.y + box.height / 2,
    side: Math.max(box.width, box.height),
    roll: (-rotation * Math.PI) / 180,
  };
}
