import {
  AddFacesRequest,
  AddFacesResponse,
  AddPersonToGroupsRequest,
  AddPersonToGroupsResponse,
  CreateGroupRequest,
  CreateGroupResponse,
  CreatePersonRequest,
  CreatePersonResponse,
  DeleteFacesRequest,
  DeleteFacesResponse,
  DeleteGroupRequest,
  DeleteGroupResponse,
  DeletePersonRequest,
  DeletePersonResponse,
  GetGroupRequest,
  GetGroupResponse,
  GetPersonRequest,
  GetPersonResponse,
  LibraryServiceService,
  ListGroupsRequest,
  ListGroupsResponse,
  ListPersonsRequest,
  ListPersonsResponse,
  RemovePersonFromGroupRequest,
  RemovePersonFromGroupResponse,
  SearchRequest,
  SearchResponse,
  UpdateGroupRequest,
  UpdateGroupResponse,
  UpdateMembershipRequest,
  UpdateMembershipResponse,
  UpdatePersonRequest,
  UpdatePersonResponse,
  VerifyPersonRequest,
  VerifyPersonResponse,
} from '@mien/proto';
import { LIST_LIMITS } from '../../usecases/limits';
import { type Endpoint, endpoint, type PhotoParts, photoParts } from './endpoint';

/** Photos that AddFaces takes at once. */
const MAX_PHOTOS = LIST_LIMITS['mien.v1.AddFacesRequest.images'].maximum;

/** Requests about one face, in a photo or as a template. */
function attachFace(request: Pick<SearchRequest, 'face'>, photos: PhotoParts): void {
  const [image] = photoParts(photos, 'image');
  if (image !== undefined) {
    request.face = { $case: 'image', value: image };
  }
}

export const LIBRARY_ENDPOINTS: readonly Endpoint[] = [
  endpoint('POST', '/v1/groups', {
    rpc: LibraryServiceService.createGroup,
    request: CreateGroupRequest,
    response: CreateGroupResponse,
    use: ({ library }) => library.createGroup,
    example: { id: 'staff', name: 'Staff', tag: 'office', fieldNames: ['department'] },
  }),
  endpoint('GET', '/v1/groups', {
    rpc: LibraryServiceService.listGroups,
    request: ListGroupsRequest,
    response: ListGroupsResponse,
    use: ({ library }) => library.listGroups,
  }),
  endpoint('GET', '/v1/groups/{id}', {
    rpc: LibraryServiceService.getGroup,
    request: GetGroupRequest,
    response: GetGroupResponse,
    use: ({ library }) => library.getGroup,
  }),
  endpoint('PATCH', '/v1/groups/{id}', {
    rpc: LibraryServiceService.updateGroup,
    request: UpdateGroupRequest,
    response: UpdateGroupResponse,
    use: ({ library }) => library.updateGroup,
    example: { name: 'All staff', fieldNames: [{ index: 1, name: 'floor' }] },
  }),
  endpoint('DELETE', '/v1/groups/{id}', {
    rpc: LibraryServiceService.deleteGroup,
    request: DeleteGroupRequest,
    response: DeleteGroupResponse,
    use: ({ library }) => library.deleteGroup,
  }),
  endpoint('GET', '/v1/groups/{groupId}/persons', {
    rpc: LibraryServiceService.listPersons,
    request: ListPersonsRequest,
    response: ListPersonsResponse,
    use: ({ library }) => library.listPersons,
  }),
  endpoint('POST', '/v1/persons', {
    rpc: LibraryServiceService.createPerson,
    request: CreatePersonRequest,
    response: CreatePersonResponse,
    use: ({ library }) => library.createPerson,
    example: {
      groupId: 'staff',
      id: 'ada',
      name: 'Ada Lovelace',
      image: { url: 'https://example.com/ada.jpg' },
      uniquenessControl: 'UNIQUENESS_CONTROL_HIGH',
      qualityControl: 2,
    },
    photos: { image: 1 },
    attach: attachFace,
  }),
  endpoint('GET', '/v1/persons/{id}', {
    rpc: LibraryServiceService.getPerson,
    request: GetPersonRequest,
    response: GetPersonResponse,
    use: ({ library }) => library.getPerson,
  }),
  endpoint('PATCH', '/v1/persons/{id}', {
    rpc: LibraryServiceService.updatePerson,
    request: UpdatePersonRequest,
    response: UpdatePersonResponse,
    use: ({ library }) => library.updatePerson,
    example: { name: 'Ada King' },
  }),
  endpoint('DELETE', '/v1/persons/{id}', {
    rpc: LibraryServiceService.deletePerson,
    request: DeletePersonRequest,
    response: DeletePersonResponse,
    use: ({ library }) => library.deletePerson,
  }),
  endpoint('POST', '/v1/persons/{personId}/groups', {
    rpc: LibraryServiceService.addPersonToGroups,
    request: AddPersonToGroupsRequest,
    response: AddPersonToGroupsResponse,
    use: ({ library }) => library.addPersonToGroups,
    example: { groupIds: ['visitors'] },
  }),
  endpoint('PATCH', '/v1/persons/{personId}/groups/{groupId}', {
    rpc: LibraryServiceService.updateMembership,
    request: UpdateMembershipRequest,
    response: UpdateMembershipResponse,
    use: ({ library }) => library.updateMembership,
    example: { fieldValues: [{ index: 0, value: 'Engines' }] },
  }),
  endpoint('DELETE', '/v1/persons/{personId}/groups/{groupId}', {
    rpc: LibraryServiceService.removePersonFromGroup,
    request: RemovePersonFromGroupRequest,
    response: RemovePersonFromGroupResponse,
    use: ({ library }) => library.removePersonFromGroup,
  }),
  endpoint('POST', '/v1/persons/{personId}/faces', {
    rpc: LibraryServiceService.addFaces,
    request: AddFacesRequest,
    response: AddFacesResponse,
    use: ({ library }) => library.addFaces,
    example: {
      images: [{ url: 'https://example.com/ada-left.jpg' }, { url: 'https://example.com/ada-right.jpg' }],
    },
    photos: { images: MAX_PHOTOS },
    attach: (request, photos) => {
      request.images.push(...photoParts(photos, 'images'));
    },
  }),
  endpoint('DELETE', '/v1/persons/{personId}/faces', {
    rpc: LibraryServiceService.deleteFaces,
    request: DeleteFacesRequest,
    response: DeleteFacesResponse,
    use: ({ library }) => library.deleteFaces,
  }),
  endpoint('POST', '/v1/persons/{personId}/verify', {
    rpc: LibraryServiceService.verifyPerson,
    request: VerifyPersonRequest,
    response: VerifyPersonResponse,
    use: ({ library }) => library.verifyPerson,
    example: { image: { url: 'https://example.com/selfie.jpg' }, matching: 'MATCHING_FUSED' },
    photos: { image: 1 },
    attach: attachFace,
  }),
  endpoint('POST', '/v1/search', {
    rpc: LibraryServiceService.search,
    request: SearchRequest,
    response: SearchResponse,
    use: ({ library }) => library.search,
    example: {
      groupIds: ['staff', 'visitors'],
      image: { url: 'https://example.com/door.jpg' },
      maxFaces: 3,
      maxCandidates: 5,
      minimumScore: 50,
    },
    photos: { image: 1 },
    attach: attachFace,
  }),
];
