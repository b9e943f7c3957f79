import { CreatePersonRequest, type Person, Role, UniquenessControl, UpdatePersonRequest } from '@mien/proto';
import { z } from 'zod';
import { action } from '../action';
import * as field from '../schema/fields';
import { faceRect, rectOf } from '../schema/structures';
import { answered } from './answered';
import { codeOfGender, genderOf } from './genders';

const personInfo = z.object({
  PersonName: z.string(),
  PersonId: z.string(),
  Gender: z.int().min(0).max(2),
  PersonExDescriptions: z.array(z.string()),
  FaceIds: z.array(z.string()),
  CreationTimestamp: z.int(),
});

/** By false-accept rates: none, 1e-2, 1e-3, 1e-4, 1e-5, the same as those of our levels. */
const UNIQUENESS = [
  UniquenessControl.UNIQUENESS_CONTROL_UNSPECIFIED,
  UniquenessControl.UNIQUENESS_CONTROL_LOW,
  UniquenessControl.UNIQUENESS_CONTROL_MEDIUM,
  UniquenessControl.UNIQUENESS_CONTROL_HIGH,
  UniquenessControl.UNIQUENESS_CONTROL_VERY_HIGH,
] as const;

type FieldValues = z.output<typeof field.personFieldValues>;

export const createPerson = action({
  role: Role.ROLE_ENROL,
  changesPerson: true,
  argument: 'InvalidParameterValue.PersonExDescriptionInfosExceed',
  limit: 'InvalidParameterValue.GroupFaceNumExceed',
  request: z.object({
    ...field.photo,
    GroupId: field.groupId,
    PersonName: field.personName,
    PersonId: field.personId,
    Gender: field.gender(0),
    PersonExDescriptionInfos: field.personFieldValues.default([]),
    UniquePersonControl: field.integer(0, 4, 'InvalidParameterValue.UniquePersonControlIllegal').default(0),
    QualityControl: field.qualityControl,
    NeedRotateDetection: field.flag,
  }),
  response: z.object({
    FaceId: z.string(),
    FaceRect: faceRect.nullable(),
    SimilarPersonId: z.string(),
    FaceModelVersion: z.string(),
  }),
  answer: async (request, { useCases, call, models, photo }) => {
    const image = await photo(request);
    const uniquenessControl = UNIQUENESS[request.UniquePersonControl];
    const { person, similar } = await useCases.library.createPerson(
      CreatePersonRequest.fromPartial({
        id: request.PersonId,
        groupId: request.GroupId,
        name: request.PersonName,
        gender: genderOf(request.Gender ?? 0),
        fieldValues: valuesInOrder(request.PersonExDescriptionInfos),
        face: { $case: 'image', value: image },
        ...(uniquenessControl === undefined ? {} : { uniquenessControl }),
        qualityControl: request.QualityControl,
        detection: { rotationSearch: request.NeedRotateDetection },
      }),
      call,
    );
    if (person === undefined) {
      const { group } = await useCases.library.getGroup({ id: request.GroupId }, call);
      return {
        FaceId: '',
        FaceRect: null,
        SimilarPersonId: answered(similar).personId,
        FaceModelVersion: models.nameOf(answered(group).modelVersion),
      };
    }
    const face = answered(person.faces[0]);
    return {
      FaceId: face.id,
      FaceRect: rectOf(face.box),
      SimilarPersonId: '',
      FaceModelVersion: models.nameOf(face.modelVersion),
    };
  },
});

/** The values in the order of the group's fields, empty where none was given. */
function valuesInOrder(values: FieldValues): string[] {
  const last = Math.max(-1, ...values.map((value) => value.PersonExDescriptionIndex));
  return Array.from(
    { length: last + 1 },
    (_, index) => values.find((value) => value.PersonExDescriptionIndex === index)?.PersonExDescription ?? '',
  );
}

export const deletePerson = action({
  role: Role.ROLE_ENROL,
  changesPerson: true,
  request: z.object({ PersonId: field.personId }),
  response: z.object({}),
  answer: async ({ PersonId: id }, { useCases, call }) => {
    await useCases.library.deletePerson({ id }, call);
    return {};
  },
});

export const modifyPersonBaseInfo = action({
  role: Role.ROLE_ENROL,
  request: z.object({
    PersonId: field.personId,
    PersonName: field.personName.optional(),
    Gender: field.gender(1),
  }),
  response: z.object({}),
  answer: async (request, { useCases, call }) => {
    const changes = UpdatePersonRequest.fromPartial({
      id: request.PersonId,
      ...(request.PersonName === undefined ? {} : { name: request.PersonName }),
      ...(request.Gender === undefined ? {} : { gender: genderOf(request.Gender) }),
    });
    await useCases.library.updatePerson(changes, call);
    return {};
  },
});

export const getPersonBaseInfo = action({
  role: Role.ROLE_READ,
  request: z.object({ PersonId: field.personId }),
  response: z.object({
    PersonName: z.string(),
    Gender: z.int().min(0).max(2),
    FaceIds: z.array(z.string()),
  }),
  answer: async ({ PersonId: id }, { useCases, call }) => {
    const person = answered((await useCases.library.getPerson({ id }, call)).person);
    return {
      PersonName: person.name,
      Gender: codeOfGender(person.gender),
      FaceIds: person.faces.map((face) => face.id),
    };
  },
});

export const getPersonList = action({
  role: Role.ROLE_READ,
  request: z.object({ GroupId: field.groupId, ...field.page(1_000) }),
  response: z.object({
    PersonInfos: z.array(personInfo),
    PersonNum: z.int(),
    FaceNum: z.int(),
    FaceModelVersion: z.string(),
  }),
  answer: async (request, { useCases, call, models, pages }) => {
    const { GroupId: groupId } = request;
    const group = answered((await useCases.library.getGroup({ id: groupId }, call)).group);
    const list = `persons of ${groupId} since ${group.createdAt?.getTime()}`;
    const { entries, total } = await pages.read(list, request, async (page) => {
      const { persons, nextCursor, total: all } = await useCases.library.listPersons({ groupId, page }, call);
      return { entries: persons, nextCursor, total: all };
    });
    return {
      PersonInfos: entries.map((person) => infoOf(person, groupId)),
      PersonNum: total,
      FaceNum: group.faceCount,
      FaceModelVersion: models.nameOf(group.modelVersion),
    };
  },
});

function infoOf(person: Person, groupId: string): z.input<typeof personInfo> {
  const membership = person.memberships.find((one) => one.groupId === groupId);
  return {
    PersonName: person.name,
    PersonId: person.id,
    Gender: codeOfGender(person.gender),
    PersonExDescriptions: membership?.fieldValues ?? [],
    FaceIds: person.faces.map((face) => face.id),
    CreationTimestamp: person.createdAt?.getTime() ?? 0,
  };
}

export const getPersonListNum = action({
  role: Role.ROLE_READ,
  request: z.object({ GroupId: field.groupId }),
  response: z.object({ PersonNum: z.int(), FaceNum: z.int() }),
  answer: async ({ GroupId: id }, { useCases, call }) => {
    const group = answered((await useCases.library.getGroup({ id }, call)).group);
    return { PersonNum: group.personCount, FaceNum: group.faceCount };
  },
});
