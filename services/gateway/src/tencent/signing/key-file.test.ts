import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Role } from '@mien/proto';
import { readKeyFile } from './key-file';

const KEY = { secretId: 'AKID1', secretKey: 'a-secret-of-some-length', role: 'enrol' };

describe('the file of signing keys', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-keys-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = async (...lines: string[]) => {
    const path = join(folder, 'keys.jsonl');
    await writeFile(path, lines.join('\n'));
    return readKeyFile(path);
  };

  it('gives each key its role', async () => {
    const keys = await read(
      JSON.stringify(KEY),
      '',
      JSON.stringify({ ...KEY, secretId: 'AKID2', role: 'read' }),
    );
    expect(keys.find('AKID1')).toMatchObject({
      secretKey: KEY.secretKey,
      principal: { keyId: 'AKID1', role: Role.ROLE_ENROL, groupIds: [] },
    });
    expect(keys.find('AKID2')?.principal.role).toBe(Role.ROLE_READ);
    expect(keys.find('AKID3')).toBeUndefined();
  });

  it.each([
    ['no JSON', '{'],
    ['a short secret', JSON.stringify({ ...KEY, secretKey: 'short' })],
    ['another role', JSON.stringify({ ...KEY, role: 'root' })],
    ['another field', JSON.stringify({ ...KEY, groups: [] })],
    ['an id with a slash', JSON.stringify({ ...KEY, secretId: 'a/b' })],
  ])('refuses %s, and does not repeat it', async (_, line) => {
    const refused = read(JSON.stringify({ ...KEY, secretId: 'first' }), line);
    await expect(refused).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
      message: expect.not.stringContaining(KEY.secretKey),
    });
    await expect(refused).rejects.toThrow('line 2');
  });

  it('refuses an id that comes twice, and a file that is not there', async () => {
    await expect(read(JSON.stringify(KEY), JSON.stringify(KEY))).rejects.toThrow('earlier');
    await expect(readKeyFile(join(folder, 'none'))).rejects.toMatchObject({
      reason: 'CONFIGURATION_INVALID',
    });
  });
});
