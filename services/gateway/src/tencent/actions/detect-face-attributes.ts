import {
  type Attributes,
  Emotion,
  type Face,
  Gender,
  Glasses,
  HairColor,
  HairLength,
  Mask,
  Role,
} from '@mien/proto';
import { z } from 'zod';
import { action } from '../action';
import { CURRENT } from '../face-model-names';
import * as field from '../schema/fields';
import { faceRect, rectOf, whole } from '../schema/structures';
import { HAIR_COLORS, HAIR_LENGTHS, SHUT_EYE, turned } from './detect-face';
import { facesIn } from './faces-in';

const TYPES = [
  'none',
  'age',
  'beauty',
  'emotion',
  'eye',
  'eyebrow',
  'gender',
  'hair',
  'hat',
  'headpose',
  'mask',
  'mouth',
  'moustache',
  'nose',
  'shape',
  'skin',
  'smile',
] as const;
type AttributeType = (typeof TYPES)[number];

const item = z.object({ Type: z.int(), Probability: z.number().min(0).max(1) });
type Item = z.input<typeof item>;

/** What was not asked for, and what Mien does not judge: a type that no enumeration has, with no probability. */
const UNKNOWN: Item = { Type: -1, Probability: 0 };

const details = z.object({
  Age: z.int().min(0).max(65),
  Beauty: z.int().min(0).max(100),
  Emotion: item,
  Eye: z.object({ Glass: item, EyeOpen: item, EyelidType: item, EyeSize: item }),
  Eyebrow: z.object({ EyebrowDensity: item, EyebrowCurve: item, EyebrowLength: item }),
  Gender: item,
  Hair: z.object({ Length: item, Bang: item, Color: item }),
  Hat: z.object({ Style: item, Color: item }),
  HeadPose: z.object({
    Pitch: z.int().min(-30).max(30),
    Yaw: z.int().min(-30).max(30),
    Roll: z.int().min(-180).max(180),
  }),
  Mask: item,
  Mouth: z.object({ MouthOpen: item }),
  Moustache: item,
  Nose: item,
  Shape: item,
  Skin: item,
  Smile: z.int().min(0).max(100),
});

const attributeTypes = z
  .string()
  .default('None')
  .transform((text) => text.split(',').map((part) => part.trim().toLowerCase()))
  .pipe(z.array(z.enum(TYPES)));

export const detectFaceAttributes = action({
  role: Role.ROLE_READ,
  request: z.object({
    ...field.photo,
    MaxFaceNum: field.maxFaces(120),
    FaceAttributesType: attributeTypes,
    NeedRotateDetection: field.flag,
    FaceModelVersion: field.modelVersion,
  }),
  response: z.object({
    ImageWidth: z.int(),
    ImageHeight: z.int(),
    FaceDetailInfos: z.array(z.object({ FaceRect: faceRect, FaceDetailAttributesInfo: details })),
    FaceModelVersion: z.string(),
  }),
  answer: async (request, context) => {
    const asked = new Set(request.FaceAttributesType);
    const image = await context.photo(request);
    const judged = [...asked].some((type) => type !== 'none');
    const found = await facesIn(image, context, {
      maxFaces: request.MaxFaceNum,
      rotationSearch: request.NeedRotateDetection,
      features: { attributes: judged, landmarks: judged },
    });
    return {
      ImageWidth: found.imageWidth,
      ImageHeight: found.imageHeight,
      FaceDetailInfos: found.faces.map((face) => ({
        FaceRect: rectOf(face.box),
        FaceDetailAttributesInfo: detailsOf(face, asked),
      })),
      FaceModelVersion: CURRENT,
    };
  },
});

function detailsOf(face: Face, asked: ReadonlySet<AttributeType>): z.input<typeof details> {
  const found = face.attributes;
  const of = (type: AttributeType, value: Item): Item => (asked.has(type) ? value : UNKNOWN);
  const number = (type: AttributeType, value: number | undefined): number =>
    asked.has(type) ? whole(value ?? 0) : 0;
  return {
    Age: Math.min(65, number('age', found?.age?.years)),
    Beauty: number('beauty', found?.beauty?.score),
    Emotion: of('emotion', emotionOf(found)),
    Eye: {
      Glass: of('eye', estimate(found?.glasses, GLASSES)),
      EyeOpen: of('eye', eyeOf(face)),
      EyelidType: UNKNOWN,
      EyeSize: UNKNOWN,
    },
    Eyebrow: { EyebrowDensity: UNKNOWN, EyebrowCurve: UNKNOWN, EyebrowLength: UNKNOWN },
    Gender: of('gender', estimate(found?.gender, GENDERS)),
    Hair: {
      Length: of('hair', hairLength(found)),
      // 1 has a fringe, 0 has none: the other way round than in DetectFace.
      Bang: of('hair', yesOrNo(found?.hair?.fringe, found?.hair?.fringeProbability)),
      Color: of('hair', hairColor(found)),
    },
    Hat: {
      Style: of('hat', yesOrNo(found?.hat?.worn, found?.hat?.probability)),
      // Colours of hats are not judged; of none there is none.
      Color: of('hat', found?.hat?.worn === false ? item0(found.hat.probability) : UNKNOWN),
    },
    HeadPose: turned(asked.has('headpose') ? face.pose : undefined),
    Mask: of('mask', estimate(found?.mask, MASKS)),
    Mouth: { MouthOpen: of('mouth', mouthOf(face)) },
    Moustache: of('moustache', yesOrNo(found?.moustache?.present, found?.moustache?.probability)),
    Nose: UNKNOWN,
    Shape: UNKNOWN,
    Skin: UNKNOWN,
    Smile: number('smile', found?.expression?.smile),
  };
}

const EMOTIONS: Readonly<Partial<Record<Emotion, number>>> = {
  [Emotion.EMOTION_NEUTRAL]: 0,
  [Emotion.EMOTION_HAPPY]: 1,
  [Emotion.EMOTION_SURPRISE]: 2,
  [Emotion.EMOTION_ANGRY]: 3,
  [Emotion.EMOTION_SAD]: 4,
  [Emotion.EMOTION_DISGUST]: 5,
  [Emotion.EMOTION_FEAR]: 6,
};

const GLASSES: Readonly<Partial<Record<Glasses, number>>> = {
  [Glasses.GLASSES_NONE]: 0,
  [Glasses.GLASSES_PLAIN]: 1,
  [Glasses.GLASSES_SUN]: 2,
};

/** 0 male, 1 female: the other way round than the scale of DetectFace. */
const GENDERS: Readonly<Partial<Record<Gender, number>>> = {
  [Gender.GENDER_MALE]: 0,
  [Gender.GENDER_FEMALE]: 1,
};

/** Of masks that cover nothing (1) Mien knows nothing: those on the chin are told as covering it. */
const MASKS: Readonly<Partial<Record<Mask, number>>> = {
  [Mask.MASK_NONE]: 0,
  [Mask.MASK_CHIN]: 2,
  [Mask.MASK_MOUTH]: 3,
  [Mask.MASK_FULL]: 4,
};

function estimate<Value extends string>(
  found: { readonly value: Value; readonly probability: number } | undefined,
  types: Readonly<Partial<Record<Value, number>>>,
): Item {
  const type = found === undefined ? undefined : types[found.value];
  return found === undefined || type === undefined ? UNKNOWN : { Type: type, Probability: found.probability };
}

function item0(probability: number): Item {
  return { Type: 0, Probability: probability };
}

function yesOrNo(value: boolean | undefined, probability: number | undefined): Item {
  return value === undefined ? UNKNOWN : { Type: value ? 1 : 0, Probability: probability ?? 0 };
}

function emotionOf(found: Attributes | undefined): Item {
  const [likeliest] = found?.expression?.emotions ?? [];
  const named = likeliest && { value: likeliest.emotion, probability: likeliest.probability };
  return estimate(named, EMOTIONS);
}

function hairLength(found: Attributes | undefined): Item {
  const { length = HairLength.HAIR_LENGTH_UNSPECIFIED, lengthProbability = 0 } = found?.hair ?? {};
  return estimate({ value: length, probability: lengthProbability }, HAIR_LENGTHS);
}

function hairColor(found: Attributes | undefined): Item {
  const { color = HairColor.HAIR_COLOR_UNSPECIFIED, colorProbability = 0 } = found?.hair ?? {};
  return estimate({ value: color, probability: colorProbability }, HAIR_COLORS);
}

/** 0 open, 1 shut: a shut eye is one of the two. */
function eyeOf({ openness }: Face): Item {
  if (openness === undefined) {
    return UNKNOWN;
  }
  const open = sideOf(Math.min(openness.leftEye, openness.rightEye), SHUT_EYE);
  return { Type: open.Type === 1 ? 0 : 1, Probability: open.Probability };
}

/** Lips further apart than in all but the tenth of the photos with the most open mouths. */
const OPEN_MOUTH = 0.2;

function mouthOf({ openness }: Face): Item {
  return openness === undefined ? UNKNOWN : sideOf(openness.mouth, OPEN_MOUTH);
}

/**
 * On which side of a threshold a measure of 0..1 lies. As the probability goes how far it is from there, a half at the
 * threshold and one at the end: a measure of sureness, not a calibrated one.
 */
function sideOf(measure: number, threshold: number): Item {
  const above = measure >= threshold;
  const range = above ? 1 - threshold : threshold;
  return { Type: above ? 1 : 0, Probability: 0.5 + (0.5 * Math.abs(measure - threshold)) / range };
}
