import {
  type AddedFace,
  AddFacesRequest,
  type AddPersonToGroupsResponse,
  CreateGroupRequest,
  CreatePersonRequest,
  type CreatePersonResponse,
  type Group,
  LibraryServiceService as Library,
  type Membership,
  type Person,
  SearchRequest,
  type SearchResponse,
  UpdateGroupRequest,
  UpdatePersonRequest,
  VerifyPersonRequest,
  type VerifyPersonResponse,
} from '@mien/proto';
import type { Channel } from '../channel';
import { type ListSettings, pagesOf } from '../pages';
import { type PhotoSource, toImage } from '../photo';
import { present } from '../present';
import { type CallSettings, given } from '../settings';
import { MienDuplicateChecks } from './duplicate-checks';
import { type FaceSource, toFace } from './face-source';
import { MienModelUpgrades } from './model-upgrades';
import type {
  AddFacesSettings,
  EnrolSettings,
  GroupChanges,
  NewGroup,
  NewPerson,
  PersonChanges,
  SearchSettings,
  VerifySettings,
} from './settings';

/** Groups and persons. Calls that change something are asked once; see MienClient for errors. */
export class MienLibrary {
  /** Persons that are likely the same. */
  readonly duplicateChecks: MienDuplicateChecks;
  /** Groups moved to another embedding model. */
  readonly modelUpgrades: MienModelUpgrades;

  constructor(private readonly channel: Channel) {
    this.duplicateChecks = new MienDuplicateChecks(channel);
    this.modelUpgrades = new MienModelUpgrades(channel);
  }

  async createGroup(group: NewGroup, settings: CallSettings = {}): Promise<Group> {
    const { id, name, tag, fieldNames } = group;
    const names = fieldNames && [...fieldNames];
    const request = CreateGroupRequest.fromPartial({ id, name, ...given({ tag, fieldNames: names }) });
    return present((await this.channel.write(Library.createGroup, request, settings)).group);
  }

  async getGroup(id: string, settings: CallSettings = {}): Promise<Group> {
    return present((await this.channel.read(Library.getGroup, { id }, settings)).group);
  }

  /** All groups, oldest first. */
  listGroups(settings: ListSettings = {}): AsyncGenerator<Group, void, void> {
    return pagesOf(settings, async (page) => {
      const { groups, nextCursor } = await this.channel.read(Library.listGroups, { page }, settings);
      return { entries: groups, nextCursor };
    });
  }

  async updateGroup(id: string, changes: GroupChanges, settings: CallSettings = {}): Promise<Group> {
    const { name, tag, fieldNames } = changes;
    const names = fieldNames && [...fieldNames];
    const request = UpdateGroupRequest.fromPartial({ id, ...given({ name, tag, fieldNames: names }) });
    return present((await this.channel.write(Library.updateGroup, request, settings)).group);
  }

  /** Answers how many persons went with the group: those that were in no other. */
  async deleteGroup(id: string, settings: CallSettings = {}): Promise<number> {
    return (await this.channel.write(Library.deleteGroup, { id }, settings)).deletedPersons;
  }

  /** Enrols somebody. With a uniqueness control the answer may be who is similar already, and nobody was enrolled. */
  async createPerson(
    person: NewPerson,
    face: FaceSource,
    settings: EnrolSettings = {},
  ): Promise<CreatePersonResponse> {
    const { groupId, id, name, gender, fieldValues } = person;
    const { uniquenessControl, qualityControl, detection, priority } = settings;
    const request = CreatePersonRequest.fromPartial({
      groupId,
      id,
      name,
      ...given({ gender, fieldValues: fieldValues && [...fieldValues] }),
      face: await toFace(face),
      ...given({ uniquenessControl, qualityControl, detection, priority }),
    });
    return await this.channel.write(Library.createPerson, request, settings);
  }

  async getPerson(id: string, settings: CallSettings = {}): Promise<Person> {
    return present((await this.channel.read(Library.getPerson, { id }, settings)).person);
  }

  /** The members of a group, oldest first. */
  listPersons(groupId: string, settings: ListSettings = {}): AsyncGenerator<Person, void, void> {
    return pagesOf(settings, async (page) => {
      const request = { groupId, page };
      const { persons, nextCursor } = await this.channel.read(Library.listPersons, request, settings);
      return { entries: persons, nextCursor };
    });
  }

  async updatePerson(id: string, changes: PersonChanges, settings: CallSettings = {}): Promise<Person> {
    const { name, gender } = changes;
    const request = UpdatePersonRequest.fromPartial({ id, ...given({ name, gender }) });
    return present((await this.channel.write(Library.updatePerson, request, settings)).person);
  }

  /** Out of every group, with templates, crops and photos. */
  async deletePerson(id: string, settings: CallSettings = {}): Promise<void> {
    await this.channel.write(Library.deletePerson, { id }, settings);
  }

  /** Groups that can't be joined are told in the answer. */
  addPersonToGroups(
    personId: string,
    groupIds: readonly string[],
    settings: CallSettings = {},
  ): Promise<AddPersonToGroupsResponse> {
    const request = { personId, groupIds: [...groupIds] };
    return this.channel.write(Library.addPersonToGroups, request, settings);
  }

  /** Answers whether it was the last group, so that the person is gone. */
  async removePersonFromGroup(
    personId: string,
    groupId: string,
    settings: CallSettings = {},
  ): Promise<boolean> {
    const request = { personId, groupId };
    return (await this.channel.write(Library.removePersonFromGroup, request, settings)).personDeleted;
  }

  async updateMembership(
    personId: string,
    groupId: string,
    fieldValues: readonly { readonly index: number; readonly value: string }[],
    settings: CallSettings = {},
  ): Promise<Membership> {
    const request = { personId, groupId, fieldValues: [...fieldValues] };
    return present((await this.channel.write(Library.updateMembership, request, settings)).membership);
  }

  /** Enrols further faces of a person, 1 to 20 photos; answers for each photo in their order. */
  async addFaces(
    personId: string,
    photos: readonly PhotoSource[],
    settings: AddFacesSettings = {},
  ): Promise<AddedFace[]> {
    const { minimumSimilarity, qualityControl, detection, priority } = settings;
    const request = AddFacesRequest.fromPartial({
      personId,
      images: await Promise.all(photos.map(toImage)),
      ...given({ minimumSimilarity, qualityControl, detection, priority }),
    });
    return (await this.channel.write(Library.addFaces, request, settings)).results;
  }

  /** Answers which faces were there and are gone. */
  async deleteFaces(
    personId: string,
    faceIds: readonly string[],
    settings: CallSettings = {},
  ): Promise<string[]> {
    const request = { personId, faceIds: [...faceIds] };
    return (await this.channel.write(Library.deleteFaces, request, settings)).deletedFaceIds;
  }

  /** Whether a face is that of a person. */
  async verifyPerson(
    personId: string,
    face: FaceSource,
    settings: VerifySettings = {},
  ): Promise<VerifyPersonResponse> {
    const { matching, threshold, qualityControl, detection, priority } = settings;
    const request = VerifyPersonRequest.fromPartial({
      personId,
      face: await toFace(face),
      ...given({ matching, threshold, qualityControl, detection, priority }),
    });
    return await this.channel.read(Library.verifyPerson, request, settings);
  }

  /** Who of some groups, 1 to 100, the largest faces of a photo are. */
  async search(
    face: FaceSource,
    groupIds: readonly string[],
    settings: SearchSettings = {},
  ): Promise<SearchResponse> {
    const { maxFaces, maxCandidates, matching, perGroup, minimumScore, withPersons } = settings;
    const { qualityControl, detection, priority, source } = settings;
    const request = SearchRequest.fromPartial({
      groupIds: [...groupIds],
      face: await toFace(face),
      ...given({ maxFaces, maxCandidates, matching, perGroup, minimumScore, withPersons }),
      ...given({ qualityControl, detection, priority, source }),
    });
    return await this.channel.read(Library.search, request, settings);
  }
}
