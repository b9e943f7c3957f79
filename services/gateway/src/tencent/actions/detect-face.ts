import {
  type Attributes,
  type Face,
  Gender,
  Glasses,
  HairColor,
  HairLength,
  type HeadPose,
  Mask,
  type Openness,
  type Quality,
  Role,
} from '@mien/proto';
import { z } from 'zod';
import { action } from '../action';
import { CURRENT } from '../face-model-names';
import * as field from '../schema/fields';
import { rectOf, whole } from '../schema/structures';
import { facesIn, MINIMUM_FACE } from './faces-in';

const percent = z.int().min(0).max(100);
const completeness = z.object({
  Eyebrow: percent,
  Eye: percent,
  Nose: percent,
  Cheek: percent,
  Mouth: percent,
  Chin: percent,
});
const quality = z.object({
  Score: percent,
  Sharpness: percent,
  Brightness: percent,
  Completeness: completeness,
});
const attributes = z.object({
  Gender: percent,
  Age: percent,
  Expression: percent,
  Glass: z.boolean(),
  Pitch: z.int().min(-30).max(30),
  Yaw: z.int().min(-30).max(30),
  Roll: z.int().min(-180).max(180),
  Beauty: percent,
  Hat: z.boolean(),
  Mask: z.boolean(),
  Hair: z.object({
    Length: z.int().min(0).max(4),
    Bang: z.int().min(0).max(1),
    Color: z.int().min(0).max(3),
  }),
  EyeOpen: z.boolean(),
});

export const detectFace = action({
  role: Role.ROLE_READ,
  request: z.object({
    ...field.photo,
    MaxFaceNum: field.maxFaces(120),
    MinFaceSize: field
      .integer(20, 34)
      .refine((size) => size === 20 || size === MINIMUM_FACE)
      .default(MINIMUM_FACE),
    NeedFaceAttributes: field.flag,
    NeedQualityDetection: field.flag,
    FaceModelVersion: field.modelVersion,
    NeedRotateDetection: field.flag,
  }),
  response: z.object({
    ImageWidth: z.int(),
    ImageHeight: z.int(),
    FaceInfos: z.array(
      z.object({
        X: z.int(),
        Y: z.int(),
        Width: z.int(),
        Height: z.int(),
        FaceAttributesInfo: attributes,
        FaceQualityInfo: quality,
      }),
    ),
    FaceModelVersion: z.string(),
  }),
  answer: async (request, context) => {
    const image = await context.photo(request);
    const wanted = { attributes: request.NeedFaceAttributes, quality: request.NeedQualityDetection };
    const found = await facesIn(image, context, {
      maxFaces: request.MaxFaceNum,
      minFaceSize: request.MinFaceSize,
      rotationSearch: request.NeedRotateDetection,
      // The pose and the eyes come with the landmarks.
      features: { ...wanted, landmarks: wanted.attributes },
    });
    return {
      ImageWidth: found.imageWidth,
      ImageHeight: found.imageHeight,
      FaceInfos: found.faces.map((face) => ({
        ...rectOf(face.box),
        FaceAttributesInfo: attributesOf(face),
        FaceQualityInfo: qualityOf(face.quality),
      })),
      FaceModelVersion: CURRENT,
    };
  },
});

/** All fields are there when nothing was asked for as well, and then say nothing. */
function attributesOf({ attributes: found, pose, openness }: Face): z.input<typeof attributes> {
  return {
    Gender: genderScore(found),
    Age: whole(found?.age?.years ?? 0),
    Expression: whole(found?.expression?.smile ?? 0),
    Glass: isOneOf(found?.glasses?.value, [Glasses.GLASSES_PLAIN, Glasses.GLASSES_SUN]),
    ...turned(pose),
    Beauty: whole(found?.beauty?.score ?? 0),
    Hat: found?.hat?.worn ?? false,
    Mask: isOneOf(found?.mask?.value, [Mask.MASK_CHIN, Mask.MASK_MOUTH, Mask.MASK_FULL]),
    Hair: {
      Length: HAIR_LENGTHS[found?.hair?.length ?? HairLength.HAIR_LENGTH_UNSPECIFIED] ?? 0,
      // 0 has a fringe, 1 has none: the other way round than in DetectFaceAttributes.
      Bang: found?.hair === undefined || found.hair.fringe ? 0 : 1,
      Color: HAIR_COLORS[found?.hair?.color ?? HairColor.HAIR_COLOR_UNSPECIFIED] ?? 0,
    },
    EyeOpen: eyesOpen(openness),
  };
}

export const HAIR_LENGTHS: Readonly<Partial<Record<HairLength, number>>> = {
  [HairLength.HAIR_LENGTH_BALD]: 0,
  [HairLength.HAIR_LENGTH_SHORT]: 1,
  [HairLength.HAIR_LENGTH_MEDIUM]: 2,
  [HairLength.HAIR_LENGTH_LONG]: 3,
  [HairLength.HAIR_LENGTH_TIED]: 4,
};

export const HAIR_COLORS: Readonly<Partial<Record<HairColor, number>>> = {
  [HairColor.HAIR_COLOR_BLACK]: 0,
  [HairColor.HAIR_COLOR_BLOND]: 1,
  [HairColor.HAIR_COLOR_BROWN]: 2,
  [HairColor.HAIR_COLOR_GREY]: 3,
};

/** 0..49 female, 50..100 male; nearer to the ends is surer. */
function genderScore(found: Attributes | undefined): number {
  const { value = Gender.GENDER_UNSPECIFIED, probability = 0 } = found?.gender ?? {};
  if (value === Gender.GENDER_UNSPECIFIED) {
    return 0;
  }
  const male = value === Gender.GENDER_MALE;
  const score = whole(100 * (male ? probability : 1 - probability));
  return male ? Math.max(50, score) : Math.min(49, score);
}

/** Whole degrees, turn and nod within the 30 that this interface knows. */
export function turned(pose: HeadPose | undefined): { Pitch: number; Yaw: number; Roll: number } {
  const within = (degrees: number) => whole(Math.min(30, Math.max(-30, degrees)));
  const { pitch = 0, yaw = 0, roll = 0 } = pose ?? {};
  return { Pitch: within(pitch), Yaw: within(yaw), Roll: whole(roll) };
}

/** Openness below which an eye is shut, as for the quality control. */
export const SHUT_EYE = 0.15;

function eyesOpen(openness: Openness | undefined): boolean {
  return openness !== undefined && Math.min(openness.leftEye, openness.rightEye) >= SHUT_EYE;
}

function isOneOf<T>(value: T | undefined, choices: readonly T[]): boolean {
  return value !== undefined && choices.includes(value);
}

function qualityOf(found: Quality | undefined): z.input<typeof quality> {
  const { eyebrow = 0, eye = 0, nose = 0, cheek = 0, mouth = 0, chin = 0 } = found?.completeness ?? {};
  return {
    Score: whole(found?.score ?? 0),
    Sharpness: whole(found?.sharpness ?? 0),
    Brightness: whole(found?.brightness ?? 0),
    Completeness: {
      Eyebrow: whole(eyebrow),
      Eye: whole(eye),
      Nose: whole(nose),
      Cheek: whole(cheek),
      Mouth: whole(mouth),
      Chin: whole(chin),
    },
  };
}
