import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Gender } from '@mien/sdk';
import { readTencentList } from './tencent-list';

describe('a list of groups and persons', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-import-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return readTencentList(path, 'photos');
  };
  const photo = (name: string) => join('photos', name);

  it('is the same in CSV and in JSON Lines', async () => {
    const csv = await read(
      'list.csv',
      '\uFEFFGroupId,GroupName,Tag,GroupExDescriptions,PersonId,PersonName,Gender,PersonExDescriptions,Photos\r\n' +
        'staff,"Staff, all",t,badge;floor,,,,,\r\n' +
        'staff,,,,ada,"Ada ""A""",2,7;1,ada/1.jpg;ada/2.jpg\r\n' +
        'team,,,,ada,,,,ada/2.jpg\r\n',
    );
    const json = await read(
      'list.jsonl',
      [
        { GroupId: 'staff', GroupName: 'Staff, all', Tag: 't', GroupExDescriptions: ['badge', 'floor'] },
        {
          GroupId: 'staff',
          PersonId: 'ada',
          PersonName: 'Ada "A"',
          Gender: 2,
          PersonExDescriptions: ['7', '1'],
          Photos: ['ada/1.jpg', 'ada/2.jpg'],
        },
        { GroupId: 'team', PersonId: 'ada', Photos: ['ada/2.jpg'] },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    );
    expect(csv).toEqual(json);
    expect(csv).toEqual({
      groups: [
        { id: 'staff', name: 'Staff, all', tag: 't', fieldNames: ['badge', 'floor'] },
        { id: 'team', name: 'team', tag: '', fieldNames: [] },
      ],
      persons: [
        {
          id: 'ada',
          name: 'Ada "A"',
          gender: Gender.GENDER_FEMALE,
          memberships: [
            { groupId: 'staff', fieldValues: ['7', '1'] },
            { groupId: 'team', fieldValues: [] },
          ],
          photos: [photo('ada/1.jpg'), photo('ada/2.jpg')],
        },
      ],
      complaints: [],
    });
  });

  it('says which lines can not be read, and reads the others', async () => {
    const { persons, complaints } = await read(
      'faults.jsonl',
      [
        '{',
        '[',
        '{"PersonId":"a"}',
        '{"GroupId":"g","PersonId":"b","Gender":3}',
        '{"GroupId":"g","PersonId":"c","Photos":["../x.jpg","y.jpg"]}',
      ].join('\n'),
    );
    expect(persons.map(({ id, photos }) => [id, photos])).toEqual([['c', [photo('y.jpg')]]]);
    expect(complaints).toEqual([
      'line 1 is not JSON',
      'line 2 is not JSON',
      'line 3 names no group',
      'line 4 has gender 3: 0 is not given, 1 male, 2 female',
      'line 5 has a photo outside the folder: ../x.jpg',
    ]);
  });

  it.each([
    ['an unknown column', 'GroupId,Name\n', 'column "Name"'],
    ['no group', 'PersonId\n', 'no column GroupId'],
    ['open quotes', 'GroupId\n"a\n', 'line 2'],
  ])('refuses %s', async (_, text, message) => {
    await expect(read('bad.csv', text)).rejects.toThrow(message);
  });
});
