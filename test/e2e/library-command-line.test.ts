import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Platform, startInOneProcess } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import sharp from 'sharp';
import { packagedPhotos } from '../photos/packaged';
import { repositoryRoot } from '../photos/repository';
import { singleFaces, variant } from '../photos/single-faces';
import { type TestSettings, testSettings } from './test-platform';

const CLI = join(repositoryRoot(), 'packages', 'cli', 'dist', 'main.js');
const [FIRST = ''] = packagedPhotos().map(({ path }) => path);

interface Finished {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The people of the first photo, and one of the second who comes later. */
const ADA = 'ada&co';
const LATE = 'late';

describe('mien, the command, on the library', () => {
  let settings: TestSettings;
  let platform: Platform;
  let folder: string;
  let pictures: Buffer[];

  beforeAll(async () => {
    settings = await testSettings('library-cli');
    platform = await startInOneProcess(settings.env);
    const client = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
    pictures = await singleFaces(client);
    client.close();
    folder = join(settings.folder, 'people');
    await mkdir(join(folder, ADA), { recursive: true });
    await writeFile(join(folder, ADA, '0.png'), await blank());
    await writeFile(join(folder, ADA, '1.png'), picture(0));
    await writeFile(join(folder, ADA, '2.jpg'), await variant(picture(0), 20));
    await writeFile(join(folder, ADA, '3.jpg'), picture(1));
    await writeFile(join(folder, 'bob.png'), picture(1));
    await writeFile(join(folder, 'cy.png'), picture(2));
    await writeFile(join(folder, 'no name.png'), picture(3));
    await writeFile(join(folder, 'notes.txt'), 'left alone');
  });

  afterAll(async () => {
    await platform?.stop();
    await settings?.remove();
  });

  function picture(index: number): Buffer {
    return pictures[index] ?? Buffer.alloc(0);
  }

  function mien(...args: string[]): Promise<Finished> {
    const { grpcAddress, libraryAddress } = platform;
    const env = { ...process.env, MIEN_ADDRESS: grpcAddress, MIEN_LIBRARY_ADDRESS: libraryAddress };
    return new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...args], { env }, (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      });
    });
  }

  async function json(...args: string[]) {
    const { out } = await mien(...args, '--json');
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }

  it('makes, changes and lists groups', async () => {
    expect(await json('group', 'create', 'staff', '--name', 'Staff', '--field', 'badge')).toMatchObject([
      { id: 'staff', name: 'Staff', fieldNames: ['badge'] },
    ]);
    expect((await mien('group', 'create', 'visitors')).out).toContain('visitors');
    const [changed] = await json('group', 'update', 'staff', '--tag', 'office', '--field', '1=floor');
    expect(changed).toMatchObject({ name: 'Staff', tag: 'office', fieldNames: ['badge', 'floor'] });
    const [first] = await json('group', 'list', '--limit', '1');
    expect(first).toMatchObject({ id: 'staff' });
    expect((await mien('group', 'list', '--limit', '1')).err).toContain('--limit');
    const taken = await mien('group', 'create', 'staff');
    expect(taken).toMatchObject({ code: 1, err: expect.stringContaining('GROUP_ID_TAKEN') });
  });

  it('enrols a folder: people by photo and by folder, and says who was left out and why', async () => {
    const { code, out, err } = await mien('enrol', folder, '--group', 'staff');
    expect(code).toBe(1);
    expect(out).toContain('staff: 3 persons enrolled with 4 faces, 0 were there already, 1 failed');
    expect(err).toMatch(/ada&co.0\.png: NO_FACE/);
    expect(err).toMatch(/ada&co.3\.jpg: FACE_NOT_OF_PERSON/);
    expect(err).toContain(`"no name" can't be the id of a person`);
    const [ada] = await json('person', 'show', ADA);
    expect(ada.faces).toHaveLength(2);
  });

  it('does what is left when it is run again', async () => {
    const faces = (await json('person', 'show', ADA)).flatMap((person) => person.faces);
    await mien('person', 'delete-faces', ADA, faces[1].id);
    await mien('person', 'delete', 'cy');
    await writeFile(join(folder, `${LATE}.png`), picture(4));
    const lines = await json('enrol', folder, '--group', 'staff');
    const outcomes = Object.fromEntries(lines.map(({ id, outcome, faces: count }) => [id, [outcome, count]]));
    expect(outcomes).toEqual({
      [ADA]: ['enrolled', 1],
      bob: ['present', 0],
      cy: ['enrolled', 1],
      [LATE]: ['enrolled', 1],
      'no name': ['failed', 0],
    });
    await rm(join(folder, 'no name.png'));
    await rm(join(folder, ADA), { recursive: true });
    const { code, out } = await mien('enrol', folder, '--group', 'staff');
    expect(code).toBe(0);
    expect(out).toContain('0 persons enrolled with 0 faces, 3 were there already, 0 failed');
  });

  it('finds who is in a photo, and draws it', async () => {
    const target = join(settings.folder, 'found.png');
    const { code, out } = await mien(
      'search',
      FIRST,
      '--groups',
      'staff,visitors',
      '--faces',
      '3',
      '--draw',
      target,
    );
    expect(code).toBe(0);
    for (const id of [ADA, 'bob', 'cy']) {
      expect(out).toContain(id);
    }
    const { width, height } = await sharp(FIRST).metadata();
    expect(await sharp(target).metadata()).toMatchObject({ width, height, format: 'png' });
    const [drawn, plain] = await Promise.all(
      [target, FIRST].map((file) => sharp(file).removeAlpha().raw().toBuffer()),
    );
    expect(drawn?.equals(plain ?? Buffer.alloc(0))).toBe(false);
    const [answer] = await json(
      'search',
      FIRST,
      '--groups',
      'staff,visitors',
      '--per-group',
      '--min-score',
      '60',
    );
    expect(answer.results[0].groups).toMatchObject([
      { groupId: 'staff', candidates: [{ personId: ADA }] },
      { groupId: 'visitors', candidates: [] },
    ]);
  });

  it('tells by its exit code whether it is the person', async () => {
    const photo = join(settings.folder, 'probe.jpg');
    await writeFile(photo, await variant(picture(1), 4));
    expect(await mien('verify', 'bob', photo)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^bob: /),
    });
    expect(await mien('verify', 'cy', photo, '--fused')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^not cy: /),
    });
    expect(await json('verify', 'cy', photo)).toMatchObject([
      { personId: 'cy', matched: false, threshold: 60 },
    ]);
    expect(await mien('verify', 'nobody', photo)).toMatchObject({
      code: 2,
      err: expect.stringContaining('PERSON_NOT_FOUND'),
    });
    expect(await mien('verify', 'bob', photo, '--threshold', 'high')).toMatchObject({ code: 2, out: '' });
  });

  it('adds faces, and says of each photo that was refused why', async () => {
    const photos = [join(settings.folder, 'bob-2.jpg'), join(settings.folder, 'cy.jpg')];
    await writeFile(photos[0] ?? '', await variant(picture(1), 20));
    await writeFile(photos[1] ?? '', picture(2));
    const added = await json('person', 'add-faces', 'bob', ...photos);
    expect(added).toMatchObject([
      { photo: photos[0], face: { id: expect.any(String) } },
      { photo: photos[1], refusal: { reason: 'FACE_NOT_OF_PERSON' } },
    ]);
    const deleted = await mien('person', 'delete-faces', 'bob', added[0].face.id);
    expect(deleted).toMatchObject({ code: 0, out: expect.stringContaining(added[0].face.id) });
  });

  it('enrols nobody who resembles somebody when told so', async () => {
    const photo = join(settings.folder, 'twin.jpg');
    await writeFile(photo, await variant(picture(1), 6));
    const create = ['person', 'create', 'twin', photo, '--group', 'staff'];
    const refused = await mien(...create, '--uniqueness', 'very-high');
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('resembles bob') });
    expect(await json(...create, '--gender', 'male', '--field', '7')).toMatchObject([
      { person: { id: 'twin', gender: 'GENDER_MALE', memberships: [{ fieldValues: ['7', ''] }] } },
    ]);
  });

  it('finds who is enrolled twice', async () => {
    const [check] = await json('duplicates', 'start', 'staff', '--wait');
    expect(check).toMatchObject({ job: { state: 'LIBRARY_JOB_STATE_DONE' }, pairsFound: 1 });
    const { id } = check.job;
    const [pair] = await json('duplicates', 'pairs', id);
    expect([pair.first.personId, pair.second.personId].sort()).toEqual(['bob', 'twin']);
    expect((await mien('duplicates', 'clusters', id)).out).toMatch(/(bob, twin|twin, bob)/);
    expect((await mien('duplicates', 'list')).out).toContain(id);
  });

  it('moves persons between groups', async () => {
    expect((await mien('person', 'join', 'bob', 'visitors')).out).toContain('bob joined visitors');
    expect(await mien('person', 'join', 'bob', 'nowhere')).toMatchObject({
      code: 1,
      err: expect.stringContaining('GROUP_NOT_FOUND'),
    });
    expect(await json('person', 'leave', 'bob', 'staff')).toEqual([
      { personId: 'bob', groupId: 'staff', personDeleted: false },
    ]);
    expect(await json('person', 'list', '--group', 'visitors')).toMatchObject([{ id: 'bob' }]);
  });

  it('refuses upgrades to a model that is not there', async () => {
    const { code, err } = await mien('upgrade', 'start', 'staff', 'another-model/1');
    expect(code).toBe(1);
    expect(err).toContain('MODEL_VERSIONS_DIFFER');
  });

  it('checks the three stores', async () => {
    const { code, out } = await mien('library', 'check');
    expect(out).toMatch(
      /^database: 6 templates; index: 6 vectors; object store: 6 crops and photos\nsound\n$/,
    );
    expect(code).toBe(0);
    expect(await json('library', 'check')).toMatchObject([{ lostBlobs: { count: 0 }, repaired: false }]);
    await rm(join(settings.folder, 'data', 'blobs', 'enrolled-crops'), { recursive: true, force: true });
    const [damaged] = await json('library', 'check', '--repair');
    expect(damaged).toMatchObject({ lostBlobs: { count: 6 }, repaired: true });
    expect((await mien('library', 'check')).code).toBe(1);
    expect((await mien('library', 'check', '--library-address', '127.0.0.1:1')).code).toBe(2);
  });
});

function blank(): Promise<Buffer> {
  return sharp({ create: { width: 200, height: 200, channels: 3, background: 'white' } })
    .png()
    .toBuffer();
}
