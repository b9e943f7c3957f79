import type { ModelPack } from '@mien/models';
import type { RgbImage } from '../../image/rgb-image';
import { Random } from '../../liveness/calibration/random';
import { type Trait, WIDE_SCALE } from '../appearance/traits';
import { coverColours } from '../cover-colours';
import { type FaceView, faceView, squarePicture } from '../face-view';
import { GenderAgeNetwork } from '../networks/gender-age';
import { clutterShapes, type DrawnMask, maskShapes, sunglassesShapes } from './drawings';
import type { AppearanceLabel } from './labels';
import { photoPath } from './lfw';
import { lightOf } from './light';
import { FaceFinder } from './samples';
import { drawnOver, mirrored, readPhoto, scaled } from './variants';

/** How a sample came about. */
export type Making = 'photo' | 'mirrored' | 'small' | 'mask' | 'sunglasses' | 'clutter';

/** One picture of a face, as the heads see it. */
export interface Sample {
  readonly name: string;
  readonly making: Making;
  /** The face's descriptor, that of the wider square behind it and the cover colours, one after the other. */
  readonly descriptor: Float32Array;
  /** What the picture shows of each trait; undefined where that is not known. */
  readonly shows: Readonly<Record<Trait, string | undefined>>;
}

/** Longer side of the face in the shrunken copies, pixels. */
const SMALL_FACES: readonly [number, number] = [16, 60];

/** Makes samples from labelled photos: each photo and copies of it, mirrored, shrunk and drawn upon. */
export class SampleMaker {
  private constructor(
    private readonly finder: FaceFinder,
    private readonly network: GenderAgeNetwork,
    private readonly folder: string,
  ) {}

  static async open(pack: ModelPack, folder: string): Promise<SampleMaker> {
    const options = { threads: 1 };
    return new SampleMaker(
      await FaceFinder.open(pack, options),
      await GenderAgeNetwork.open(pack, options),
      folder,
    );
  }

  /** The samples of one person's photo; `place` is its number among the photos and decides what is drawn. */
  async make(name: string, label: AppearanceLabel, place: number): Promise<Sample[]> {
    const random = new Random(place + 1);
    const photo = await readPhoto(photoPath(this.folder, name));
    const found = await this.finder.central(photo);
    if (!found) {
      return [];
    }
    const seen = { ...label, mask: 'none' };
    const mesh = Float32Array.from(found.mesh);
    const light = lightOf(found);
    const small = random.between(...SMALL_FACES) / Math.max(found.box.width, found.box.height);
    const worn = (['full', 'mouth', 'chin'] as const)[place % 3] ?? 'full';
    const variants: [Making, RgbImage, Sample['shows']][] = [
      ['photo', photo, seen],
      ['mirrored', await mirrored(photo), seen],
      ['small', await scaled(photo, small), seen],
      ['mask', await drawnOver(photo, maskShapes(mesh, worn, light, random), random), masked(label, worn)],
    ];
    if (place % 4 === 0) {
      const shapes = sunglassesShapes(mesh, light, random);
      variants.push(['sunglasses', await drawnOver(photo, shapes, random), { ...seen, glasses: 'sun' }]);
    } else if (place % 4 === 1) {
      const shapes = clutterShapes(mesh, light, random);
      variants.push(['clutter', await drawnOver(photo, shapes, random), { ...seen, moustache: undefined }]);
    }
    const samples: Sample[] = [];
    for (const [making, picture, shows] of variants) {
      const face = await this.finder.central(picture);
      if (face) {
        samples.push({ name, making, shows, descriptor: await this.describe(faceView(face)) });
      }
    }
    return samples;
  }

  async close(): Promise<void> {
    await this.finder.close();
    await this.network.close();
  }

  private async describe(view: FaceView): Promise<Float32Array> {
    const { side, model } = this.network;
    const [face, wide] = await this.network.run([
      squarePicture(view, model.genderAge.cropScale, side),
      squarePicture(view, WIDE_SCALE, side),
    ]);
    return Float32Array.from([
      ...(face?.descriptor ?? []),
      ...(wide?.descriptor ?? []),
      ...coverColours(view),
    ]);
  }
}

/** A mask hides what grows under it. */
function masked(label: AppearanceLabel, worn: DrawnMask): Sample['shows'] {
  return { ...label, mask: worn, moustache: worn === 'chin' ? label.moustache : undefined };
}
