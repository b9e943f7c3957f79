import { MienError } from '@mien/errors';
import { CreateGroupRequest, type Group, Role, UpdateGroupRequest } from '@mien/proto';
import { z } from 'zod';
import { type ActionContext, action } from '../action';
import { TencentError } from '../errors/tencent-error';
import * as field from '../schema/fields';
import { answered } from './answered';

const groupInfo = z.object({
  GroupName: z.string(),
  GroupId: z.string(),
  GroupExDescriptions: z.array(z.string()),
  Tag: z.string(),
  FaceModelVersion: z.string(),
  CreationTimestamp: z.int(),
  UpdateTimestamp: z.int(),
});

export const createGroup = action({
  role: Role.ROLE_ENROL,
  request: z.object({
    GroupName: field.groupName,
    GroupId: field.groupId,
    GroupExDescriptions: field.groupFieldNames.default([]),
    Tag: field.tag.default(''),
    FaceModelVersion: field.modelVersion,
  }),
  response: z.object({ FaceModelVersion: z.string() }),
  answer: async (request, { useCases, call, models }) => {
    const { group } = await useCases.library.createGroup(
      CreateGroupRequest.fromPartial({
        id: request.GroupId,
        name: request.GroupName,
        tag: request.Tag,
        fieldNames: request.GroupExDescriptions,
      }),
      call,
    );
    return { FaceModelVersion: models.nameOf(answered(group).modelVersion) };
  },
});

export const deleteGroup = action({
  role: Role.ROLE_ENROL,
  request: z.object({ GroupId: field.groupId }),
  response: z.object({}),
  answer: async ({ GroupId: id }, { useCases, call }) => {
    await useCases.library.deleteGroup({ id }, call);
    return {};
  },
});

export const modifyGroup = action({
  role: Role.ROLE_ENROL,
  request: z.object({
    GroupId: field.groupId,
    GroupName: field.groupName.optional(),
    GroupExDescriptionInfos: field.groupFieldChanges.default([]),
    Tag: field.tag.optional(),
  }),
  response: z.object({}),
  answer: async (request, context) => {
    const changes = UpdateGroupRequest.fromPartial({
      id: request.GroupId,
      ...(request.GroupName === undefined ? {} : { name: request.GroupName }),
      ...(request.Tag === undefined ? {} : { tag: request.Tag }),
      fieldNames: request.GroupExDescriptionInfos.map((info) => ({
        index: info.GroupExDescriptionIndex,
        name: info.GroupExDescription,
      })),
    });
    try {
      await context.useCases.library.updateGroup(changes, context.call);
    } catch (error) {
      throw await withGaps(error, changes, context);
    }
    return {};
  },
});

/** The library refuses field names that leave a gap with the same words as those that are there already. */
async function withGaps(
  error: unknown,
  { id, fieldNames }: UpdateGroupRequest,
  { useCases, call }: ActionContext,
): Promise<unknown> {
  if (!(error instanceof MienError) || error.metadata['field'] !== 'field_names') {
    return error;
  }
  const { group } = await useCases.library.getGroup({ id }, call);
  const names = new Set(answered(group).fieldNames);
  return fieldNames.some(({ name }) => names.has(name))
    ? error
    : new TencentError('InvalidParameter.InvalidParameter', 'GroupExDescriptionInfos');
}

export const getGroupList = action({
  role: Role.ROLE_READ,
  request: z.object(field.page(1_000)),
  response: z.object({ GroupInfos: z.array(groupInfo), GroupNum: z.int() }),
  answer: async (request, { useCases, call, models, pages }) => {
    const list = `groups of ${call.origin.principal.keyId}`;
    const { entries, total } = await pages.read(list, request, async (page) => {
      const { groups, nextCursor, total: all } = await useCases.library.listGroups({ page }, call);
      return { entries: groups, nextCursor, total: all };
    });
    return {
      GroupInfos: entries.map((group) => infoOf(group, models.nameOf(group.modelVersion))),
      GroupNum: total,
    };
  },
});

export const getGroupInfo = action({
  role: Role.ROLE_READ,
  request: z.object({ GroupId: field.groupId }),
  response: groupInfo,
  answer: async ({ GroupId: id }, { useCases, call, models }) => {
    const group = answered((await useCases.library.getGroup({ id }, call)).group);
    return infoOf(group, models.nameOf(group.modelVersion));
  },
});

function infoOf(group: Group, modelVersion: string): z.input<typeof groupInfo> {
  return {
    GroupName: group.name,
    GroupId: group.id,
    GroupExDescriptions: group.fieldNames,
    Tag: group.tag,
    FaceModelVersion: modelVersion,
    CreationTimestamp: group.createdAt?.getTime() ?? 0,
    UpdateTimestamp: group.updatedAt?.getTime() ?? 0,
  };
}
