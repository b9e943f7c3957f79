import type {
  CreateGroupRequest,
  CreateGroupResponse,
  DeleteGroupRequest,
  DeleteGroupResponse,
  GetGroupRequest,
  GetGroupResponse,
  ListGroupsRequest,
  ListGroupsResponse,
  UpdateGroupRequest,
  UpdateGroupResponse,
} from '@mien/proto';
import { groupMessage } from '../group-message';
import type { Library } from '../library';
import { followDeletion } from './follow-change';
import { pageRequest } from './page-request';

/** The calls of LibraryService that are about groups. */
export class GroupCalls {
  constructor(private readonly library: Library) {}

  createGroup = async ({ id, name, tag, fieldNames }: CreateGroupRequest): Promise<CreateGroupResponse> => {
    const modelVersion = this.library.model.version;
    const group = await this.library.people.createGroup({ id, name, tag, fieldNames, modelVersion });
    return { group: groupMessage(group) };
  };

  getGroup = async ({ id }: GetGroupRequest): Promise<GetGroupResponse> => {
    return { group: groupMessage(await this.library.people.getGroup(id)) };
  };

  listGroups = async ({ page }: ListGroupsRequest): Promise<ListGroupsResponse> => {
    const { entries, nextCursor = '', total } = await this.library.people.listGroups(pageRequest(page));
    return { groups: entries.map(groupMessage), nextCursor, total };
  };

  updateGroup = async ({ id, name, tag, fieldNames }: UpdateGroupRequest): Promise<UpdateGroupResponse> => {
    const group = await this.library.people.updateGroup(id, {
      ...(name === undefined ? {} : { name }),
      ...(tag === undefined ? {} : { tag }),
      fieldNames: fieldNames.map((field) => ({ index: field.index, value: field.name })),
    });
    return { group: groupMessage(group) };
  };

  deleteGroup = async ({ id }: DeleteGroupRequest): Promise<DeleteGroupResponse> => {
    const { deletedPersons } = await this.library.people.deleteGroup(id);
    await followDeletion(this.library);
    return { deletedPersons };
  };
}
