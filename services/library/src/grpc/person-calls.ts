import { MienError } from '@mien/errors';
import type {
  AddPersonToGroupsRequest,
  AddPersonToGroupsResponse,
  DeleteFacesRequest,
  DeleteFacesResponse,
  DeletePersonRequest,
  DeletePersonResponse,
  GetPersonRequest,
  GetPersonResponse,
  ListPersonsRequest,
  ListPersonsResponse,
  RemovePersonFromGroupRequest,
  RemovePersonFromGroupResponse,
  UpdateMembershipRequest,
  UpdateMembershipResponse,
  UpdatePersonRequest,
  UpdatePersonResponse,
} from '@mien/proto';
import type { Library } from '../library';
import { membershipMessage, personMessage } from '../person-message';
import { followDeletion } from './follow-change';
import { pageRequest } from './page-request';

/** The calls of LibraryService that are about persons and their faces and need no photo. */
export class PersonCalls {
  constructor(private readonly library: Library) {}

  getPerson = async ({ id }: GetPersonRequest): Promise<GetPersonResponse> => {
    return { person: personMessage(await this.library.people.getPerson(id)) };
  };

  listPersons = async ({ groupId, page }: ListPersonsRequest): Promise<ListPersonsResponse> => {
    const persons = await this.library.people.listPersons(groupId, pageRequest(page));
    const { entries, nextCursor = '', total } = persons;
    return { persons: entries.map(personMessage), nextCursor, total };
  };

  updatePerson = async ({ id, name, gender }: UpdatePersonRequest): Promise<UpdatePersonResponse> => {
    const person = await this.library.people.updatePerson(id, {
      ...(name === undefined ? {} : { name }),
      ...(gender === undefined ? {} : { gender }),
    });
    return { person: personMessage(person) };
  };

  deletePerson = async ({ id }: DeletePersonRequest): Promise<DeletePersonResponse> => {
    await this.library.people.deletePerson(id);
    await followDeletion(this.library);
    return {};
  };

  addPersonToGroups = async (request: AddPersonToGroupsRequest): Promise<AddPersonToGroupsResponse> => {
    const { people, index } = this.library;
    const { joinedGroupIds, refused } = await people.addToGroups(request.personId, request.groupIds);
    if (joinedGroupIds.length > 0) {
      await index.follow();
    }
    return {
      joinedGroupIds: [...joinedGroupIds],
      refused: refused.map(({ groupId, reason, message }) => ({ groupId, refusal: { reason, message } })),
    };
  };

  removePersonFromGroup = async ({
    personId,
    groupId,
  }: RemovePersonFromGroupRequest): Promise<RemovePersonFromGroupResponse> => {
    const { personDeleted } = await this.library.people.removeFromGroup(personId, groupId);
    await followDeletion(this.library);
    return { personDeleted };
  };

  updateMembership = async (request: UpdateMembershipRequest): Promise<UpdateMembershipResponse> => {
    const { personId, groupId, fieldValues } = request;
    const membership = await this.library.people.updateMembership(personId, groupId, fieldValues);
    return { membership: membershipMessage(membership) };
  };

  deleteFaces = async ({ personId, faceIds }: DeleteFacesRequest): Promise<DeleteFacesResponse> => {
    if (faceIds.length === 0) {
      throw new MienError('ARGUMENT_INVALID', 'face_ids: at least one face is needed', {
        metadata: { field: 'face_ids' },
      });
    }
    const deletedFaceIds = await this.library.people.deleteFaces(personId, faceIds);
    await followDeletion(this.library);
    return { deletedFaceIds: [...deletedFaceIds] };
  };
}
