import { z } from 'zod';
import type { Code } from '../errors/codes';

/**
 * Parts of request schemas. An issue whose message is one of the error codes is answered with that code; the others
 * say that a parameter is missing or not valid.
 */
const refusal = (error: Code) => ({ error });

const ID = /^[A-Za-z0-9\-%@#&_]*$/;
/** Chinese and English letters, digits, - and _. */
const NAME = /^[\p{Script=Han}A-Za-z0-9_-]*$/u;
/** Control characters, and halves of surrogate pairs. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** Query strings and forms have numbers as text; so have some clients' JSON. */
function number(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value) ? Number(value) : value;
}

/** A whole number. `code` is that of one outside the range. */
export function integer(
  minimum: number,
  maximum: number,
  code: Code = 'InvalidParameter.InvalidParameter',
  below: Code = code,
) {
  return z.preprocess(number, z.int().min(minimum, refusal(below)).max(maximum, refusal(code)));
}

/** On for 1, off for any other number and when not given. */
export const flag = z
  .preprocess(number, z.number())
  .default(0)
  .transform((value) => value === 1);

/** A required text: empty counts as missing. */
const required = z.string().refine((text) => text !== '', refusal('MissingParameter.ErrorParameterEmpty'));

function id(illegal: Code, tooLong: Code) {
  return required.pipe(z.string().regex(ID, refusal(illegal)).max(64, refusal(tooLong)));
}

export const groupId = id('InvalidParameterValue.GroupIdIllegal', 'InvalidParameterValue.GroupIdTooLong');
export const personId = id('InvalidParameterValue.PersonIdIllegal', 'InvalidParameterValue.PersonIdTooLong');

export const groupIds = (most: number) =>
  z
    .array(groupId)
    .min(1, refusal('MissingParameter.ErrorParameterEmpty'))
    .max(most, refusal('InvalidParameterValue.GroupIdsExceed'));

/** Text of at most so many characters, as people count them. */
function text(most: number, tooLong: Code) {
  return z.string().refine((value) => Array.from(value).length <= most, refusal(tooLong));
}

const groupNameText = text(60, 'InvalidParameterValue.GroupNameTooLong').regex(
  NAME,
  refusal('InvalidParameterValue.GroupNameIllegal'),
);
export const groupName = required.pipe(groupNameText);
export const tag = text(40, 'InvalidParameterValue.GroupTagTooLong').regex(
  NAME,
  refusal('InvalidParameterValue.GroupTagIllegal'),
);
export const fieldName = text(30, 'InvalidParameterValue.GroupExDescriptionsNameTooLong')
  .min(1, refusal('InvalidParameterValue.GroupExDescriptionsNameIllegal'))
  .regex(NAME, refusal('InvalidParameterValue.GroupExDescriptionsNameIllegal'));
export const personName = required.pipe(
  text(60, 'InvalidParameterValue.PersonNameTooLong').regex(
    NAME,
    refusal('InvalidParameterValue.PersonNameIllegal'),
  ),
);
const fieldValue = text(60, 'InvalidParameterValue.PersonExDescriptionsNameTooLong').refine(
  (value) => !UNPRINTABLE.test(value),
  refusal('InvalidParameterValue.PersonExDescriptionsNameIllegal'),
);

/** Own fields of a group, at most. */
export const MOST_FIELDS = 5;

/** A person's values for the group's own fields, each once. */
export const personFieldValues = z
  .array(
    z.object({
      PersonExDescriptionIndex: integer(
        0,
        MOST_FIELDS - 1,
        'InvalidParameterValue.PersonExDescriptionInfosExceed',
      ),
      PersonExDescription: fieldValue,
    }),
  )
  .max(MOST_FIELDS, refusal('InvalidParameterValue.PersonExDescriptionInfosExceed'))
  .refine(
    (values) => new Set(values.map((value) => value.PersonExDescriptionIndex)).size === values.length,
    refusal('InvalidParameterValue.PersonExDescriptionsNameIdentical'),
  );

/** The names of a group's own fields, no two alike. */
export const groupFieldNames = z
  .array(fieldName)
  .max(MOST_FIELDS, refusal('InvalidParameterValue.GroupExDescriptionsExceed'))
  .refine(
    (names) => new Set(names).size === names.length,
    refusal('InvalidParameterValue.GroupExDescriptionsNameIdentical'),
  );

export const groupFieldChanges = z
  .array(
    z.object({
      GroupExDescriptionIndex: integer(0, MOST_FIELDS - 1, 'InvalidParameterValue.GroupExDescriptionsExceed'),
      GroupExDescription: fieldName,
    }),
  )
  .max(MOST_FIELDS, refusal('InvalidParameterValue.GroupExDescriptionsExceed'))
  .refine(
    (changes) => new Set(changes.map((change) => change.GroupExDescription)).size === changes.length,
    refusal('InvalidParameterValue.GroupExDescriptionsNameIdentical'),
  );

export const gender = (least: 0 | 1) =>
  integer(least, 2, 'InvalidParameterValue.PersonGenderIllegal').optional();

/** 0 no check .. 4 very high. */
export const qualityControl = integer(0, 4, 'InvalidParameterValue.QualityControlIllegal').default(0);

export const matchThreshold = z.preprocess(
  number,
  z
    .number()
    .min(0, refusal('InvalidParameterValue.FaceMatchThresholdIllegal'))
    .max(100, refusal('InvalidParameterValue.FaceMatchThresholdIllegal')),
);

/** The version that requests may ask for: this server has no accounts that are older than it. */
export const modelVersion = z
  .literal('3.0', refusal('InvalidParameterValue.FaceModelVersionIllegal'))
  .optional();

export const maxFaces = (most: number) =>
  integer(1, most, 'LimitExceeded.ErrorFaceNumExceed', 'InvalidParameter.InvalidParameter').default(1);

/** A part of a list. */
export const page = (most: number) => ({
  Offset: integer(0, 2 ** 31 - 1, 'InvalidParameterValue.OffsetExceed').default(0),
  Limit: integer(1, most, 'InvalidParameterValue.LimitExceed', 'InvalidParameter.InvalidParameter').default(
    10,
  ),
});

/** An image, in base64 or by its address. */
export const photo = { Image: z.string().optional(), Url: z.string().optional() };

/** The two images of a comparison. */
export const twoPhotos = {
  ImageA: z.string().optional(),
  UrlA: z.string().optional(),
  ImageB: z.string().optional(),
  UrlB: z.string().optional(),
};

export const jobId = required;
