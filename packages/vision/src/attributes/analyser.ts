import { MienError } from '@mien/errors';
import type { ModelPack } from '@mien/models';
import type { Attributes } from '@mien/proto';
import type { RgbImage } from '../image/rgb-image';
import type { InferenceOptions } from '../inference/model-session';
import { AppearanceReader } from './appearance/appearance';
import { appearanceParameters } from './appearance/parameters';
import { appearanceAnswer } from './appearance/proto-names';
import { WIDE_SCALE } from './appearance/traits';
import { beautyEstimate } from './beauty';
import { coverColours } from './cover-colours';
import { trustOf } from './evidence';
import { expressionAnswer } from './expression';
import { type AttributeInput, type FaceView, faceView, squarePicture } from './face-view';
import { ageEstimate, genderEstimate } from './gender-age';
import { ExpressionNetwork } from './networks/expression';
import { GenderAgeNetwork, type GenderAgeOutput } from './networks/gender-age';

/** Faces in one inference: more costs memory and brings no speed. */
const BATCH = 8;

/** A face with the pictures that the networks want of it. */
interface Pictures {
  readonly view: FaceView;
  /** The face's square as the gender-age network wants it. */
  readonly face: RgbImage;
  /** The wider one. */
  readonly wide: RgbImage;
  /** The face's square as the expression network wants it. */
  readonly expression: RgbImage;
}

/** Says what faces look like. */
export class AttributeAnalyser {
  private constructor(
    private readonly genderAge: GenderAgeNetwork,
    private readonly expression: ExpressionNetwork,
    private readonly appearance: AppearanceReader | undefined,
  ) {}

  /**
   * Opens the pack's gender-age and expression models. Glasses, mask, hair, hat and moustache are read from the
   * gender-age model's descriptor; with a model that these classifiers were not trained for they stay unset.
   * Throws PackError or MODEL_PACK_INVALID.
   */
  static async open(pack: ModelPack, options: InferenceOptions): Promise<AttributeAnalyser> {
    const genderAge = await GenderAgeNetwork.open(pack, options);
    const parameters = appearanceParameters(genderAge.model);
    return new AttributeAnalyser(
      genderAge,
      await ExpressionNetwork.open(pack, options),
      parameters && new AppearanceReader(parameters),
    );
  }

  /** One answer for each face, in their order. */
  async analyse(faces: readonly AttributeInput[]): Promise<Attributes[]> {
    const answers: Attributes[] = [];
    for (let start = 0; start < faces.length; start += BATCH) {
      answers.push(...(await this.analyseBatch(faces.slice(start, start + BATCH))));
    }
    return answers;
  }

  async close(): Promise<void> {
    await this.genderAge.close();
    await this.expression.close();
  }

  private async analyseBatch(faces: readonly AttributeInput[]): Promise<Attributes[]> {
    const pictures = faces.map((face) => this.pictures(faceView(face)));
    const squares = pictures.map(({ face }) => face);
    const wides = this.appearance ? pictures.map(({ wide }) => wide) : [];
    const seen = await this.genderAge.run([...squares, ...wides]);
    const expressions = await this.expression.run(pictures.map(({ expression }) => expression));
    return pictures.map((picture, index) =>
      this.answer(picture, seen[index], seen[squares.length + index], expressions[index]),
    );
  }

  private pictures(view: FaceView): Pictures {
    const { genderAge, expression } = this;
    return {
      view,
      face: squarePicture(view, genderAge.model.genderAge.cropScale, genderAge.side),
      wide: squarePicture(view, WIDE_SCALE, genderAge.side),
      expression: squarePicture(view, expression.model.expression.cropScale, expression.side),
    };
  }

  private answer(
    { view, face, wide }: Pictures,
    genderAge: GenderAgeOutput | undefined,
    around: GenderAgeOutput | undefined,
    emotions: readonly number[] | undefined,
  ): Attributes {
    if (!genderAge || !emotions) {
      throw new MienError('MODEL_PACK_INVALID', 'a network answered for fewer faces than it was given');
    }
    const trust = trustOf(view, face, wide);
    const parameters = this.genderAge.model.genderAge;
    const appearance =
      this.appearance && genderAge.descriptor && around?.descriptor
        ? appearanceAnswer(
            this.appearance.read(
              { face: genderAge.descriptor, wide: around.descriptor, cover: coverColours(view) },
              trust,
            ),
          )
        : NOTHING_WORN_KNOWN;
    return {
      gender: genderEstimate(genderAge, parameters, trust.face),
      age: ageEstimate(genderAge, parameters.firstAge, trust.face),
      expression: expressionAnswer(this.expression.model.expression.labels, emotions, view.mesh, trust.face),
      beauty: beautyEstimate(view, trust.face),
      ...appearance,
    };
  }
}

const NOTHING_WORN_KNOWN = {
  glasses: undefined,
  mask: undefined,
  hair: undefined,
  hat: undefined,
  moustache: undefined,
};
