import {
  type Candidate,
  type FaceCandidates,
  Matching,
  Role,
  SearchRequest,
  type SearchResponse,
} from '@mien/proto';
import { z } from 'zod';
import { type ActionContext, action } from '../action';
import { TencentError } from '../errors/tencent-error';
import * as field from '../schema/fields';
import { faceRect, personGroupInfo, rectOf, score } from '../schema/structures';
import { MINIMUM_FACE, withFaceSize } from './faces-in';
import { codeOfGender } from './genders';
import { QUALITY_REFUSED } from './ret-codes';

const MOST_GROUPS = 100;
const MOST_GROUPS_EACH = 60;
const MOST_FACES = 10;
const MOST_PERSONS = 100;
const MOST_PERSONS_EACH = 10;
const USUAL_PERSONS = 5;

const candidate = z.object({
  PersonId: z.string(),
  FaceId: z.string(),
  Score: score,
  PersonName: z.string().nullable(),
  Gender: z.int().min(0).max(2).nullable(),
  PersonGroupInfos: z.array(personGroupInfo).nullable(),
});
const candidates = z.array(candidate);
const result = z.object({ Candidates: candidates, FaceRect: faceRect, RetCode: z.int() });
const resultByGroup = z.object({
  FaceRect: faceRect,
  GroupCandidates: z.array(z.object({ GroupId: z.string(), Candidates: candidates })),
  RetCode: z.int(),
});

const common = {
  ...field.photo,
  MaxFaceNum: field.maxFaces(MOST_FACES),
  MinFaceSize: field.integer(0, 2 ** 31 - 1).default(MINIMUM_FACE),
  NeedPersonInfo: field.flag,
  QualityControl: field.qualityControl,
  FaceMatchThreshold: field.matchThreshold.default(0),
  NeedRotateDetection: field.flag,
};
const together = z.object({
  ...common,
  GroupIds: field.groupIds(MOST_GROUPS),
  MaxPersonNum: persons(MOST_PERSONS),
});
const byGroup = z.object({
  ...common,
  GroupIds: field.groupIds(MOST_GROUPS_EACH),
  MaxPersonNumPerGroup: persons(MOST_PERSONS_EACH),
});

function persons(most: number) {
  return field
    .integer(1, most, 'InvalidParameterValue.LimitExceed', 'InvalidParameter.InvalidParameter')
    .default(USUAL_PERSONS);
}

export const searchFaces = action({
  role: Role.ROLE_READ,
  limit: 'FailedOperation.SearchFacesExceed',
  request: together,
  response: z.object({ Results: z.array(result), FaceNum: z.int(), FaceModelVersion: z.string() }),
  answer: async (request, context) => {
    const found = await search(request, context, {
      matching: Matching.MATCHING_BEST_FACE,
      maxCandidates: request.MaxPersonNum,
    });
    // Only scores above the threshold, not those at it.
    const above = ({ score: reached }: Candidate) => reached > request.FaceMatchThreshold;
    return {
      Results: found.results.map((face) => resultOf(face, above)),
      FaceNum: found.searchedFaces,
      FaceModelVersion: context.models.nameOf(found.modelVersion),
    };
  },
});

export const searchFacesReturnsByGroup = action({
  role: Role.ROLE_READ,
  limit: 'FailedOperation.SearchFacesExceed',
  request: byGroup,
  response: z.object({
    FaceNum: z.int(),
    ResultsReturnsByGroup: z.array(resultByGroup),
    FaceModelVersion: z.string(),
  }),
  answer: async (request, context) => {
    const found = await search(request, context, {
      matching: Matching.MATCHING_BEST_FACE,
      maxCandidates: request.MaxPersonNumPerGroup,
      perGroup: true,
    });
    return {
      FaceNum: found.searchedFaces,
      ResultsReturnsByGroup: found.results.map(resultByGroupOf),
      FaceModelVersion: context.models.nameOf(found.modelVersion),
    };
  },
});

export const searchPersons = action({
  role: Role.ROLE_READ,
  limit: 'FailedOperation.SearchFacesExceed',
  request: together,
  response: z.object({ Results: z.array(result), PersonNum: z.int(), FaceModelVersion: z.string() }),
  answer: async (request, context) => {
    const found = await search(request, context, {
      matching: Matching.MATCHING_FUSED,
      maxCandidates: request.MaxPersonNum,
    });
    return {
      Results: found.results.map((face) => resultOf(face)),
      PersonNum: personNum(found),
      FaceModelVersion: context.models.nameOf(found.modelVersion),
    };
  },
});

export const searchPersonsReturnsByGroup = action({
  role: Role.ROLE_READ,
  limit: 'FailedOperation.SearchFacesExceed',
  request: byGroup,
  response: z.object({
    PersonNum: z.int(),
    ResultsReturnsByGroup: z.array(resultByGroup),
    FaceModelVersion: z.string(),
  }),
  answer: async (request, context) => {
    const found = await search(request, context, {
      matching: Matching.MATCHING_FUSED,
      maxCandidates: request.MaxPersonNumPerGroup,
      perGroup: true,
    });
    return {
      PersonNum: personNum(found),
      ResultsReturnsByGroup: found.results.map(resultByGroupOf),
      FaceModelVersion: context.models.nameOf(found.modelVersion),
    };
  },
});

type Asked = Omit<z.output<typeof together>, 'MaxPersonNum'>;

async function search(
  request: Asked,
  context: ActionContext,
  how: Pick<SearchRequest, 'matching' | 'maxCandidates'> & Partial<Pick<SearchRequest, 'perGroup'>>,
): Promise<SearchResponse> {
  const image = await context.photo(request);
  const sizes = { minFaceSize: request.MinFaceSize, rotationSearch: request.NeedRotateDetection };
  const found = await withFaceSize(image, context, sizes, (detection) =>
    context.useCases.library.search(
      SearchRequest.fromPartial({
        ...how,
        groupIds: request.GroupIds,
        face: { $case: 'image', value: image },
        maxFaces: request.MaxFaceNum,
        minimumScore: request.FaceMatchThreshold,
        withPersons: request.NeedPersonInfo,
        qualityControl: request.QualityControl,
        detection,
      }),
      context.call,
    ),
  );
  if (found.searchedFaces === 0) {
    throw new TencentError('InvalidParameterValue.NoFaceInGroups');
  }
  return found;
}

/** Persons that were looked through: 0 when none of the faces was good enough to look for. */
function personNum({ results, searchedPersons }: SearchResponse): number {
  return results.every(({ refusal }) => refusal !== undefined) ? 0 : searchedPersons;
}

function resultOf(
  face: FaceCandidates,
  wanted: (found: Candidate) => boolean = () => true,
): z.input<typeof result> {
  return {
    Candidates: face.candidates.filter(wanted).map(candidateOf),
    FaceRect: rectOf(face.box),
    RetCode: retCode(face),
  };
}

function resultByGroupOf(face: FaceCandidates): z.input<typeof resultByGroup> {
  return {
    FaceRect: rectOf(face.box),
    GroupCandidates: face.groups.map((group) => ({
      GroupId: group.groupId,
      Candidates: group.candidates.map(candidateOf),
    })),
    RetCode: retCode(face),
  };
}

function retCode({ refusal }: FaceCandidates): number {
  return refusal === undefined ? 0 : QUALITY_REFUSED;
}

function candidateOf({ personId, faceId, score: reached, person }: Candidate): z.input<typeof candidate> {
  return {
    PersonId: personId,
    FaceId: faceId,
    Score: reached,
    PersonName: person?.name ?? null,
    Gender: person === undefined ? null : codeOfGender(person.gender),
    PersonGroupInfos:
      person?.memberships.map(({ groupId, fieldValues }) => ({
        GroupId: groupId,
        PersonExDescriptions: fieldValues,
      })) ?? null,
  };
}
