import { isReason, MienError } from '@mien/errors';
import { Role, UpdateMembershipRequest } from '@mien/proto';
import { z } from 'zod';
import { action } from '../action';
import { TencentError } from '../errors/tencent-error';
import * as field from '../schema/fields';
import { personGroupInfo } from '../schema/structures';
import { answered } from './answered';

export const deletePersonFromGroup = action({
  role: Role.ROLE_ENROL,
  changesPerson: true,
  request: z.object({ PersonId: field.personId, GroupId: field.groupId }),
  response: z.object({}),
  answer: async ({ PersonId: personId, GroupId: groupId }, { useCases, call }) => {
    await useCases.library.removePersonFromGroup({ personId, groupId }, call);
    return {};
  },
});

export const modifyPersonGroupInfo = action({
  role: Role.ROLE_ENROL,
  request: z.object({
    GroupId: field.groupId,
    PersonId: field.personId,
    PersonExDescriptionInfos: field.personFieldValues,
  }),
  response: z.object({}),
  answer: async (request, { useCases, call }) => {
    const changes = UpdateMembershipRequest.fromPartial({
      personId: request.PersonId,
      groupId: request.GroupId,
      fieldValues: request.PersonExDescriptionInfos.map((info) => ({
        index: info.PersonExDescriptionIndex,
        value: info.PersonExDescription,
      })),
    });
    await useCases.library.updateMembership(changes, call);
    return {};
  },
});

export const getPersonGroupInfo = action({
  role: Role.ROLE_READ,
  request: z.object({ PersonId: field.personId, ...field.page(100) }),
  response: z.object({
    PersonGroupInfos: z.array(personGroupInfo),
    GroupNum: z.int(),
    FaceModelVersion: z.string(),
  }),
  answer: async (request, { useCases, call, models }) => {
    const { Offset: offset, Limit: limit, PersonId: id } = request;
    const person = answered((await useCases.library.getPerson({ id }, call)).person);
    if (offset > person.memberships.length) {
      throw new TencentError('InvalidParameterValue.OffsetExceed', 'Offset');
    }
    return {
      PersonGroupInfos: person.memberships
        .slice(offset, offset + limit)
        .map(({ groupId, fieldValues }) => ({ GroupId: groupId, PersonExDescriptions: fieldValues })),
      GroupNum: person.memberships.length,
      FaceModelVersion: models.nameOf(person.faces[0]?.modelVersion ?? ''),
    };
  },
});

/** Groups that one call may add a person to: as many as a person may be in. */
const MOST_GROUPS = 100;

export const copyPerson = action({
  role: Role.ROLE_ENROL,
  changesPerson: true,
  request: z.object({ PersonId: field.personId, GroupIds: field.groupIds(MOST_GROUPS) }),
  response: z.object({ SucGroupNum: z.int(), SucGroupIds: z.array(z.string()) }),
  answer: async ({ PersonId: personId, GroupIds: groupIds }, { useCases, call }) => {
    const { joinedGroupIds, refused } = await useCases.library.addPersonToGroups(
      { personId, groupIds },
      call,
    );
    const refusal = refused[0]?.refusal;
    // What could be done in part is no error; why nothing could be done, the first refusal tells.
    if (joinedGroupIds.length === 0 && refusal !== undefined) {
      const { reason, message } = refusal;
      throw new MienError(isReason(reason) ? reason : 'INTERNAL', message, {
        metadata: reason === 'LIMIT_REACHED' ? { limit: 'groupsPerPerson' } : {},
      });
    }
    return { SucGroupNum: joinedGroupIds.length, SucGroupIds: joinedGroupIds };
  },
});
