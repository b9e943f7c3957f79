import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from '../photos/repository';
import { present } from './case';
import { openWorld, type World } from './world';

const CLI = join(repositoryRoot(), 'packages', 'cli', 'dist', 'main.js');

describe('mien import tencent', () => {
  let world: World;
  let list: string;

  beforeAll(async () => {
    world = await openWorld('tencent-import');
    const photos = join(world.folder, 'import', 'photos');
    await mkdir(photos, { recursive: true });
    for (const number of [0, 1, 2]) {
      await writeFile(join(photos, `${number}.png`), Buffer.from(world.person(number), 'base64'));
    }
    await writeFile(join(photos, 'blank.jpg'), Buffer.from(world.blank, 'base64'));
    list = join(world.folder, 'import', 'list.csv');
    const rows = [
      'GroupId,GroupName,GroupExDescriptions,PersonId,PersonName,Gender,PersonExDescriptions,Photos',
      'office,Office,badge,,,,,',
      'office,,,ada,Ada L,2,B 1,blank.jpg;0.png',
      'canteen,Canteen,,ada,,,,',
      'office,,,bob,Bob,1,,1.png',
      'office,,,nobody,Nobody,,,blank.jpg',
    ];
    await writeFile(list, rows.join('\n'));
  });
  afterAll(() => world?.stop());

  const run = (...args: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const options = ['import', 'tencent', list, '--photos', join(world.folder, 'import', 'photos')];
      const env = { ...process.env, MIEN_ADDRESS: world.grpcAddress };
      const child = execFile(process.execPath, [CLI, ...options, ...args], { env }, (_, out, err) =>
        resolve({ code: child.exitCode ?? -1, out, err }),
      );
    });

  it('enrols who is listed, and reports what was refused', async () => {
    const { code, out, err } = await run();
    expect(out).toContain('groups: 2 made, 0 were there already');
    expect(out).toContain('persons: 2 enrolled with 2 faces, 0 were there already, 1 failed');
    expect(err).toMatch(/person ada, .*blank\.jpg: NO_FACE/);
    expect(err).toMatch(/person nobody/);
    expect(code).toBe(1);
    const { client } = world;
    const ada = await client.GetPersonGroupInfo({ PersonId: 'ada' });
    expect(present(ada.PersonGroupInfos).map(({ GroupId }) => GroupId)).toEqual(['office', 'canteen']);
    expect(ada.PersonGroupInfos?.[0]?.PersonExDescriptions).toEqual(['B 1']);
    expect(await client.GetPersonBaseInfo({ PersonId: 'ada' })).toMatchObject({
      PersonName: 'Ada L',
      Gender: 2,
    });
    const found = await client.VerifyFace({ PersonId: 'bob', Image: world.person(1) });
    expect(found.IsMatch).toBe(true);
  });

  it('does what is left when it is run again', async () => {
    await world.client.DeletePersonFromGroup({ PersonId: 'ada', GroupId: 'canteen' });
    await world.client.DeletePerson({ PersonId: 'bob' });
    const { out } = await run();
    expect(out).toContain('groups: 0 made, 2 were there already');
    expect(out).toContain('persons: 1 enrolled with 1 faces, 1 were there already, 1 failed');
    expect((await world.client.GetPersonGroupInfo({ PersonId: 'ada', Limit: 5 })).GroupNum).toBe(2);
  });
});
