import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { findPostgres, PostgresServer } from '@mien/people/dist/testing/postgres-server';
import {
  CreatePersonRequest,
  Gender,
  LibraryServiceService,
  SearchRequest,
  UpdateGroupRequest,
  UpdatePersonRequest,
} from '@mien/proto';
import { randomTemplate, ServedLibrary } from '../testing/served-library';

const {
  createGroup,
  getGroup,
  listGroups,
  updateGroup,
  deleteGroup,
  getPerson,
  listPersons,
  updatePerson,
  deletePerson,
  addPersonToGroups,
  removePersonFromGroup,
  updateMembership,
  deleteFaces,
} = LibraryServiceService;

const binaries = findPostgres();
let server: PostgresServer | undefined;

beforeAll(async () => {
  server = binaries === undefined ? undefined : await PostgresServer.start(binaries);
});

afterAll(() => server?.stop());

describe.each([
  ['PGlite', async () => undefined, true],
  ['PostgreSQL', async () => server?.newDatabase(), binaries !== undefined],
])('LibraryService on %s', (_, databaseUrl, there) => {
  if (!there) {
    it.skip('needs PostgreSQL', () => undefined);
    return;
  }
  let folder: string;
  let url: string | undefined;
  let served: ServedLibrary;
  let made = 0;

  const start = () =>
    ServedLibrary.start({ folder, databaseUrl: url, limits: { groupsPerPerson: 3, facesPerGroup: 50 } });
  const newGroup = async (fieldNames: string[] = []) => {
    made += 1;
    const id = `group-${made}`;
    await served.ask(createGroup, { id, name: `Name ${made}`, tag: '', fieldNames });
    return id;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-library-'));
    url = await databaseUrl();
    served = await start();
  });

  afterAll(async () => {
    await served.stop();
    await rm(folder, { recursive: true });
  });

  describe('groups', () => {
    it('are made, read, changed and listed', async () => {
      const request = { id: 'staff', name: 'Staff', tag: 'hq', fieldNames: ['badge'] };
      const { group } = await served.ask(createGroup, request);
      expect(group).toMatchObject({
        ...request,
        modelVersion: served.library.model.version,
        personCount: 0,
        faceCount: 0,
      });
      expect(group?.createdAt).toBeInstanceOf(Date);
      const changes = { id: 'staff', name: 'All staff', fieldNames: [{ index: 1, name: 'floor' }] };
      await served.ask(updateGroup, UpdateGroupRequest.fromPartial(changes));
      const read = await served.ask(getGroup, { id: 'staff' });
      expect(read.group).toMatchObject({ name: 'All staff', tag: 'hq', fieldNames: ['badge', 'floor'] });
      await served.ask(updateGroup, UpdateGroupRequest.fromPartial({ id: 'staff', tag: '' }));
      expect((await served.ask(getGroup, { id: 'staff' })).group?.tag).toBe('');
    });

    it('are listed page by page', async () => {
      const ids = [await newGroup(), await newGroup(), await newGroup()];
      const { total } = await served.ask(listGroups, { page: undefined });
      const seen: string[] = [];
      let cursor = '';
      do {
        const page = await served.ask(listGroups, { page: { size: 2, cursor } });
        expect(page.groups.length).toBeLessThanOrEqual(2);
        seen.push(...page.groups.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== '');
      expect(seen).toHaveLength(total);
      expect(seen.slice(-3)).toEqual(ids);
    });

    it.each([
      ['an id with a space', { id: 'a b' }, 'id'],
      ['no id', { id: '' }, 'id'],
      ['an id of 65 letters', { id: 'x'.repeat(65) }, 'id'],
      ['no name', { name: '' }, 'name'],
      ['a name of 61 letters', { name: 'x'.repeat(61) }, 'name'],
      ['a tag of 41 letters', { tag: 'x'.repeat(41) }, 'tag'],
      ['a field name of 31 letters', { fieldNames: ['a', 'x'.repeat(31)] }, 'field_names[1]'],
      ['a field name twice', { fieldNames: ['a', 'a'] }, 'field_names'],
    ])('are refused with %s', async (_case, wrong, field) => {
      const request = { id: 'fresh', name: 'Fresh', tag: '', fieldNames: [], ...wrong };
      const refused = served.ask(createGroup, request);
      await expect(refused).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID', metadata: { field } });
      await expect(refused).rejects.toThrow(`${field}: `);
      await expect(served.ask(getGroup, { id: 'fresh' })).rejects.toMatchObject({
        reason: 'GROUP_NOT_FOUND',
      });
    });

    it('are refused when id or name is taken, or fields are too many', async () => {
      const id = await newGroup();
      const { group } = await served.ask(getGroup, { id });
      const another = { id: 'another', name: 'Another', tag: '', fieldNames: [] };
      await expect(served.ask(createGroup, { ...another, id })).rejects.toMatchObject({
        reason: 'GROUP_ID_TAKEN',
        cause: { code: status.ALREADY_EXISTS },
      });
      await expect(served.ask(createGroup, { ...another, name: group?.name ?? '' })).rejects.toMatchObject({
        reason: 'GROUP_NAME_TAKEN',
      });
      const fieldNames = ['a', 'b', 'c', 'd', 'e', 'f'];
      await expect(served.ask(createGroup, { ...another, fieldNames })).rejects.toMatchObject({
        reason: 'LIMIT_REACHED',
        metadata: { limit: 'fieldsPerGroup', maximum: '5' },
      });
    });

    it('that are not there are told', async () => {
      const reason = 'GROUP_NOT_FOUND';
      const failing = [
        served.ask(getGroup, { id: 'nowhere' }),
        served.ask(updateGroup, UpdateGroupRequest.fromPartial({ id: 'nowhere', name: 'x' })),
        served.ask(deleteGroup, { id: 'nowhere' }),
        served.ask(listPersons, { groupId: 'nowhere', page: undefined }),
      ];
      await Promise.all(
        failing.map((failed) =>
          expect(failed).rejects.toMatchObject({ reason, cause: { code: status.NOT_FOUND } }),
        ),
      );
    });

    it('have pages of 1 to 1000 entries, by cursors of their own', async () => {
      const page = (size: number, cursor: string) => served.ask(listGroups, { page: { size, cursor } });
      await expect(page(1001, '')).rejects.toMatchObject({ metadata: { field: 'page.size' } });
      await expect(page(1, 'abc')).rejects.toMatchObject({ reason: 'CURSOR_INVALID' });
    });
  });

  describe('persons', () => {
    it('are read, listed and changed', async () => {
      const groupId = await newGroup(['badge', 'floor']);
      const ids = [(await served.enrol(groupId)).id, (await served.enrol(groupId)).id];
      const { persons, total } = await served.ask(listPersons, { groupId, page: undefined });
      expect(persons.map(({ id }) => id)).toEqual(ids);
      expect(total).toBe(2);
      const [id = ''] = ids;
      const { person } = await served.ask(getPerson, { id });
      expect(person).toEqual({
        id,
        name: 'Ada',
        gender: Gender.GENDER_UNSPECIFIED,
        faces: [
          {
            id: expect.any(String),
            box: { x: 1, y: 2, width: 3, height: 4 },
            quality: 80,
            modelVersion: served.library.model.version,
            createdAt: expect.any(Date),
          },
        ],
        memberships: [{ groupId, fieldValues: ['', ''] }],
        createdAt: expect.any(Date),
        updatedAt: expect.any(Date),
      });
      const gender = Gender.GENDER_FEMALE;
      await served.ask(updatePerson, UpdatePersonRequest.fromPartial({ id, gender }));
      const changed = await served.ask(updatePerson, UpdatePersonRequest.fromPartial({ id, name: 'Bea' }));
      expect(changed.person).toMatchObject({ name: 'Bea', gender });
      const fieldValues = [{ index: 1, value: 'third' }];
      const { membership } = await served.ask(updateMembership, { personId: id, groupId, fieldValues });
      expect(membership).toEqual({ groupId, fieldValues: ['', 'third'] });
      expect((await served.ask(getPerson, { id })).person?.memberships).toEqual([membership]);
      expect((await served.ask(getGroup, { id: groupId })).group).toMatchObject({
        personCount: 2,
        faceCount: 2,
      });
    });

    it('are refused what is wrong, by the name of the field', async () => {
      const groupId = await newGroup(['badge']);
      const { id } = await served.enrol(groupId);
      const member = { personId: id, groupId };
      const cases: [Promise<unknown>, string][] = [
        [served.ask(getPerson, { id: 'a b' }), 'id'],
        [served.ask(listPersons, { groupId: 'a b', page: undefined }), 'group_id'],
        [served.ask(updatePerson, UpdatePersonRequest.fromPartial({ id, name: '' })), 'name'],
        [served.ask(deletePerson, { id: '' }), 'id'],
        [served.ask(addPersonToGroups, { personId: id, groupIds: [] }), 'group_ids'],
        [served.ask(addPersonToGroups, { personId: id, groupIds: ['ok', 'a b'] }), 'group_ids[1]'],
        [served.ask(removePersonFromGroup, { personId: 'a b', groupId }), 'person_id'],
        [
          served.ask(updateMembership, { ...member, fieldValues: [{ index: 1, value: 'x' }] }),
          'field_values',
        ],
        [
          served.ask(updateMembership, { ...member, fieldValues: [{ index: 0, value: 'x'.repeat(61) }] }),
          'field_values[0]',
        ],
        [served.ask(deleteFaces, { personId: id, faceIds: [] }), 'face_ids'],
        [served.ask(deleteFaces, { personId: id, faceIds: ['no-uuid'] }), 'face_ids[0]'],
      ];
      await Promise.all(
        cases.map(([refused, field]) =>
          expect(refused).rejects.toMatchObject({ reason: 'ARGUMENT_INVALID', metadata: { field } }),
        ),
      );
    });

    it('that are not there are told', async () => {
      const groupId = await newGroup();
      const id = 'nobody';
      const failing = [
        served.ask(getPerson, { id }),
        served.ask(updatePerson, UpdatePersonRequest.fromPartial({ id, name: 'x' })),
        served.ask(deletePerson, { id }),
        served.ask(addPersonToGroups, { personId: id, groupIds: [groupId] }),
        served.ask(removePersonFromGroup, { personId: id, groupId }),
        served.ask(updateMembership, { personId: id, groupId, fieldValues: [] }),
        served.ask(deleteFaces, { personId: id, faceIds: ['00000000-0000-0000-0000-000000000000'] }),
      ];
      await Promise.all(
        failing.map((failed) => expect(failed).rejects.toMatchObject({ reason: 'PERSON_NOT_FOUND' })),
      );
    });

    it('join groups and are found there from then on', async () => {
      const [first, second, third, fourth] = [
        await newGroup(),
        await newGroup(),
        await newGroup(),
        await newGroup(),
      ];
      const template = randomTemplate();
      const { id } = await served.enrol(first, undefined, template);
      expect(await served.find(template, [second])).toEqual([]);
      const groupIds = [second, 'nowhere', first, third, fourth];
      const { joinedGroupIds, refused } = await served.ask(addPersonToGroups, { personId: id, groupIds });
      expect(joinedGroupIds).toEqual([second, third]);
      expect(refused.map(({ groupId, refusal }) => [groupId, refusal?.reason])).toEqual([
        ['nowhere', 'GROUP_NOT_FOUND'],
        [first, 'PERSON_ALREADY_IN_GROUP'],
        [fourth, 'LIMIT_REACHED'],
      ]);
      expect(await served.find(template, [second])).toEqual([id]);
      expect(await served.find(template, [fourth])).toEqual([]);
    });

    it('leave groups and are not found there from then on; out of the last one they are deleted', async () => {
      const [first, second] = [await newGroup(), await newGroup()];
      const template = randomTemplate();
      const { id } = await served.enrol(first, undefined, template);
      await served.ask(addPersonToGroups, { personId: id, groupIds: [second] });
      const left = await served.ask(removePersonFromGroup, { personId: id, groupId: first });
      expect(left.personDeleted).toBe(false);
      expect(await served.find(template, [first])).toEqual([]);
      expect(await served.find(template, [first, second])).toEqual([id]);
      await expect(served.ask(removePersonFromGroup, { personId: id, groupId: first })).rejects.toMatchObject(
        { reason: 'PERSON_NOT_IN_GROUP' },
      );
      const gone = await served.ask(removePersonFromGroup, { personId: id, groupId: second });
      expect(gone.personDeleted).toBe(true);
      await expectNothingLeft(served, id, template, [first, second]);
    });

    it('lose faces but the last one', async () => {
      const groupId = await newGroup();
      const [one, other] = [randomTemplate(), randomTemplate()];
      const { id, faces } = await served.enrol(groupId, undefined, one);
      const added = await served.addFace(id, other);
      const crops = await served.cropKeys();
      const first = faces[0]?.id ?? '';
      const deleted = await served.ask(deleteFaces, { personId: id, faceIds: [first] });
      expect(deleted.deletedFaceIds).toEqual([first]);
      expect((await served.cropKeys()).length).toBe(crops.length - 1);
      expect(await served.indexedFaces()).not.toContain(first);
      expect(await served.find(other, [groupId], 1)).toEqual([id]);
      await expect(served.ask(deleteFaces, { personId: id, faceIds: [first] })).rejects.toMatchObject({
        reason: 'FACE_NOT_FOUND',
      });
      await expect(served.ask(deleteFaces, { personId: id, faceIds: [added] })).rejects.toMatchObject({
        reason: 'LAST_FACE',
      });
    });

    it('go with all that is kept of them', async () => {
      const groupId = await newGroup();
      const template = randomTemplate();
      const { id } = await served.enrol(groupId, undefined, template);
      await served.addFace(id);
      await served.ask(deletePerson, { id });
      await expectNothingLeft(served, id, template, [groupId]);
    });

    it('go with their only group', async () => {
      const [going, staying] = [await newGroup(), await newGroup()];
      const [one, two] = [randomTemplate(), randomTemplate()];
      const lone = await served.enrol(going, undefined, one);
      const member = await served.enrol(going, undefined, two);
      await served.ask(addPersonToGroups, { personId: member.id, groupIds: [staying] });
      const { deletedPersons } = await served.ask(deleteGroup, { id: going });
      expect(deletedPersons).toBe(1);
      await expectNothingLeft(served, lone.id, one, [going, staying]);
      expect(await served.find(two, [staying])).toEqual([member.id]);
      expect((await served.ask(getPerson, { id: member.id })).person?.memberships).toHaveLength(1);
    });
  });

  it('leaves photos to the gateway', async () => {
    const unimplemented = { cause: { code: status.UNIMPLEMENTED } };
    const { createPerson, search } = LibraryServiceService;
    await expect(served.ask(createPerson, CreatePersonRequest.fromPartial({}))).rejects.toMatchObject(
      unimplemented,
    );
    await expect(served.ask(search, SearchRequest.fromPartial({}))).rejects.toMatchObject(unimplemented);
  });

  it('holds everything after a restart', async () => {
    const groupId = await newGroup();
    const template = randomTemplate();
    const { id } = await served.enrol(groupId, undefined, template);
    const before = await served.ask(getPerson, { id });
    const indexed = await served.indexedFaces();
    await served.stop();
    served = await start();
    expect(await served.ask(getPerson, { id })).toEqual(before);
    expect(await served.find(template, [groupId])).toEqual([id]);
    expect((await served.indexedFaces()).sort()).toEqual(indexed.sort());
  });
});

/** Scans the three stores: whatever is there belongs to a person that is there. */
async function expectNothingLeft(
  served: ServedLibrary,
  personId: string,
  template: Float32Array,
  groupIds: readonly string[],
): Promise<void> {
  const { people } = served.library;
  await expect(served.ask(getPerson, { id: personId })).rejects.toMatchObject({ reason: 'PERSON_NOT_FOUND' });
  expect(await people.templatesOfPersons([personId])).toEqual([]);
  expect(await served.find(template, groupIds)).not.toContain(personId);
  const keys: string[] = [];
  for await (const batch of people.streamBlobKeys()) {
    keys.push(...batch);
  }
  expect((await served.cropKeys()).sort()).toEqual(keys.sort());
  const enrolled: string[] = [];
  for await (const batch of people.streamTemplates(served.library.model.version)) {
    enrolled.push(...batch.map(({ faceId }) => faceId));
  }
  expect((await served.indexedFaces()).sort()).toEqual(enrolled.sort());
  for (const topic of ['index', 'blobs'] as const) {
    expect(await people.readOutbox(topic)).toEqual([]);
  }
}
