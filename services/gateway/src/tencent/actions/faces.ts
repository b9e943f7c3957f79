import { asMienError, MienError } from '@mien/errors';
import { type AddedFace, AddFacesRequest, type Image, Role } from '@mien/proto';
import { z } from 'zod';
import { type ActionContext, action } from '../action';
import { codeOf } from '../errors/code-of-reason';
import { TencentError } from '../errors/tencent-error';
import * as field from '../schema/fields';
import { faceRect, rectOf } from '../schema/structures';
import { answered } from './answered';
import { OTHER_FAULT, retCodeOf, retCodeOfReason } from './ret-codes';

/** Images of one call. */
const MOST_IMAGES = 4;
/** Faces of a person. */
const MOST_FACES = 5;
const USUAL_THRESHOLD = 60;

const images = z
  .array(z.string())
  .max(MOST_IMAGES, { error: 'InvalidParameterValue.UploadFaceNumExceed' })
  .default([]);

export const createFace = action({
  role: Role.ROLE_ENROL,
  changesPerson: true,
  request: z.object({
    PersonId: field.personId,
    Images: images,
    Urls: images,
    FaceMatchThreshold: field.matchThreshold.default(USUAL_THRESHOLD),
    QualityControl: field.qualityControl,
    NeedRotateDetection: field.flag,
  }),
  response: z.object({
    SucFaceNum: z.int(),
    SucFaceIds: z.array(z.string()),
    RetCode: z.array(z.int()),
    SucIndexes: z.array(z.int()),
    SucFaceRects: z.array(faceRect),
    FaceModelVersion: z.string(),
  }),
  answer: async (request, context) => {
    const { useCases, call, models } = context;
    const given = photosOf(request);
    const person = answered((await useCases.library.getPerson({ id: request.PersonId }, call)).person);
    if (person.faces.length + given.length > MOST_FACES) {
      throw new TencentError('InvalidParameterValue.PersonFaceNumExceed');
    }
    const outcomes = await enrolled(
      AddFacesRequest.fromPartial({
        personId: request.PersonId,
        minimumSimilarity: request.FaceMatchThreshold,
        qualityControl: request.QualityControl,
        detection: { rotationSearch: request.NeedRotateDetection },
      }),
      await Promise.all(given.map((photo) => readOrCode(photo, context))),
      context,
    );
    const faces = outcomes.flatMap((outcome, index) =>
      typeof outcome === 'number' ? [] : [{ index, face: outcome }],
    );
    return {
      SucFaceNum: faces.length,
      SucFaceIds: faces.map(({ face }) => face.id),
      RetCode: outcomes.map((outcome) => (typeof outcome === 'number' ? outcome : 0)),
      SucIndexes: faces.map(({ index }) => index),
      SucFaceRects: faces.map(({ face }) => rectOf(face.box)),
      FaceModelVersion: models.nameOf((faces[0]?.face ?? person.faces[0])?.modelVersion ?? ''),
    };
  },
});

/** The images, or those at the addresses when both are given. */
function photosOf({ Images, Urls }: { Images: string[]; Urls: string[] }) {
  const photos = Urls.length > 0 ? Urls.map((Url) => ({ Url })) : Images.map((Image) => ({ Image }));
  if (photos.length === 0) {
    throw new TencentError('InvalidParameterValue.ImageEmpty');
  }
  return photos;
}

/** The image, or the code that tells what is wrong with it. */
async function readOrCode(
  given: Parameters<ActionContext['photo']>[0],
  { photo, call }: ActionContext,
): Promise<Image | number> {
  try {
    return await photo(given);
  } catch (error) {
    call.signal.throwIfAborted();
    return retCodeOf(error instanceof TencentError ? error.code : codeOf(asMienError(error), {}));
  }
}

type EnrolledFace = Extract<NonNullable<AddedFace['result']>, { $case: 'face' }>['value'];

/** For each image the face that was enrolled, or the code that tells why none was. */
async function enrolled(
  request: AddFacesRequest,
  read: readonly (Image | number)[],
  { useCases, call }: ActionContext,
): Promise<(EnrolledFace | number)[]> {
  const images = read.filter((one) => typeof one !== 'number');
  const { results } =
    images.length === 0 ? { results: [] } : await useCases.library.addFaces({ ...request, images }, call);
  const answers = results.values();
  return read.map((one) => (typeof one === 'number' ? one : outcomeOf(answers.next().value)));
}

function outcomeOf(added: AddedFace | undefined): EnrolledFace | number {
  const result = added?.result;
  if (result?.$case === 'face') {
    return result.value;
  }
  return result === undefined ? OTHER_FAULT : retCodeOfReason(result.value.reason);
}

const FACE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Ids that one call may name. */
const MOST_IDS = 1_000;

export const deleteFace = action({
  role: Role.ROLE_ENROL,
  changesPerson: true,
  request: z.object({
    PersonId: field.personId,
    FaceIds: z
      .array(z.string())
      .min(1, { error: 'MissingParameter.ErrorParameterEmpty' })
      .max(MOST_IDS, { error: 'InvalidParameterValue.DeleteFaceNumExceed' }),
  }),
  response: z.object({ SucDeletedNum: z.int(), SucFaceIds: z.array(z.string()) }),
  answer: async ({ PersonId: personId, FaceIds }, context) => {
    const deleted = await deletedFaces(
      personId,
      // Others are nobody's: the library gives no such ids.
      FaceIds.filter((id) => FACE_ID.test(id)),
      context,
    );
    return { SucDeletedNum: deleted.length, SucFaceIds: [...deleted] };
  },
});

/** Which of the faces were there and are deleted now. That none was there is an answer here, not an error. */
async function deletedFaces(
  personId: string,
  faceIds: string[],
  { useCases, call }: ActionContext,
): Promise<readonly string[]> {
  if (faceIds.length === 0) {
    await useCases.library.getPerson({ id: personId }, call);
    return [];
  }
  try {
    return (await useCases.library.deleteFaces({ personId, faceIds }, call)).deletedFaceIds;
  } catch (error) {
    if (error instanceof MienError && error.reason === 'FACE_NOT_FOUND') {
      return [];
    }
    throw error;
  }
}
