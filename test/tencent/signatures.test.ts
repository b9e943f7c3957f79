import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Platform, startInOneProcess } from '@mien/platform';
import { MienClient, Role } from '@mien/sdk';
import { type TestSettings, testSettings } from '../e2e/test-platform';
import { codeOf } from './case';
import { signedRequest } from './signed-request';
import { clientsOf } from './world';

const READER = { secretId: 'AKIDREADER', secretKey: 'the-secret-of-a-reader' };
const ADMIN = { secretId: 'AKIDADMIN', secretKey: 'the-secret-of-an-admin' };

describe('signed requests', () => {
  let settings: TestSettings;
  let platform: Platform;
  let mien: MienClient;

  beforeAll(async () => {
    settings = await testSettings('tencent-keys');
    const file = join(settings.folder, 'keys.jsonl');
    const keys = [
      { ...READER, role: 'read' },
      { ...ADMIN, role: 'admin' },
    ];
    await writeFile(file, keys.map((key) => JSON.stringify(key)).join('\n'));
    platform = await startInOneProcess({
      ...settings.env,
      MIEN_GATEWAY_AUTH: 'keys',
      MIEN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      MIEN_TENCENT_KEYS_FILE: file,
    });
    const apiKey = (await readFile(platform.adminKeyFile ?? '', 'utf8')).trim();
    mien = new MienClient(platform.grpcAddress, { apiKey });
  });
  afterAll(async () => {
    mien?.close();
    await platform?.stop();
    await settings?.remove();
  });

  const clients = (credential = ADMIN, profile = {}) => clientsOf(platform.httpAddress, credential, profile);

  it('are taken from the current and the older official client', async () => {
    const { client, older } = clients();
    expect((await client.GetGroupList({})).GroupNum).toBe(0);
    expect((await older.GetGroupList({ Limit: 5 })).GroupNum).toBe(0);
  });

  it.each(['HmacSHA1', 'HmacSHA256'] as const)('are taken with the older %s', async (signMethod) => {
    const { client } = clients(ADMIN, { signMethod });
    const groups = { GroupId: signMethod, GroupName: signMethod, GroupExDescriptions: ['工号', 'floor'] };
    await client.CreateGroup(groups);
    const info = await client.GetGroupInfo({ GroupId: signMethod });
    expect(info.GroupExDescriptions).toEqual(groups.GroupExDescriptions);
    await client.DeleteGroup({ GroupId: signMethod });
    const wrong = clients({ ...ADMIN, secretKey: 'another-secret-key' }, { signMethod }).client;
    expect(await codeOf(wrong.GetGroupList({}))).toBe('AuthFailure.SignatureFailure');
  });

  it('are taken with a key of Mien, as far as it reaches, until it is revoked', async () => {
    await mien.library.createGroup({ id: 'mine', name: 'mine' });
    await mien.library.createGroup({ id: 'other', name: 'other' });
    const { key, signingSecret } = await mien.keys.create({
      name: 'gate',
      role: Role.ROLE_READ,
      groupIds: ['mine'],
      signing: true,
    });
    const { client } = clients({ secretId: key?.id ?? '', secretKey: signingSecret });
    expect((await client.GetGroupList({})).GroupInfos?.map(({ GroupId }) => GroupId)).toEqual(['mine']);
    expect((await client.GetGroupInfo({ GroupId: 'mine' })).GroupId).toBe('mine');
    const refused = [
      client.GetGroupInfo({ GroupId: 'other' }),
      client.CreateGroup({ GroupId: 'mine', GroupName: 'x' }),
      client.GetPersonList({ GroupId: 'other' }),
    ];
    for (const call of refused) {
      expect(await codeOf(call)).toBe('AuthFailure.UnauthorizedOperation');
    }
    const rotated = await mien.keys.rotate(key?.id ?? '', { graceSeconds: 60 });
    expect(await codeOf(client.GetGroupList({}))).toBe('AuthFailure.SignatureFailure');
    const fresh = clients({ secretId: key?.id ?? '', secretKey: rotated.signingSecret }).client;
    expect((await fresh.GetGroupList({})).GroupNum).toBe(1);
    await mien.keys.revoke(key?.id ?? '');
    expect(await codeOf(fresh.GetGroupList({}))).toBe('AuthFailure.SecretIdNotFound');
    for (const id of ['mine', 'other']) {
      await mien.library.deleteGroup(id);
    }
  });

  it('are refused when a key has used up its requests', async () => {
    const limits = { requestsPerSecond: 0.01, burst: 1 };
    const { key, signingSecret } = await mien.keys.create({
      name: 'slow',
      role: Role.ROLE_READ,
      signing: true,
      ...limits,
    });
    const { client } = clients({ secretId: key?.id ?? '', secretKey: signingSecret });
    await client.GetGroupList({});
    expect(await codeOf(client.GetGroupList({}))).toBe('RequestLimitExceeded');
  });

  it('with query parameters instead of a body are taken', async () => {
    const { client } = clients();
    client.profile.httpProfile = { ...client.profile.httpProfile, reqMethod: 'GET' };
    expect((await client.GetGroupList({ Offset: 0, Limit: 7 })).GroupNum).toBe(0);
  });

  it('of wrong secrets and unknown keys are refused', async () => {
    const wrong = clients({ ...ADMIN, secretKey: 'another-secret-key' }).client;
    expect(await codeOf(wrong.GetGroupList({}))).toBe('AuthFailure.SignatureFailure');
    const unknown = clients({ ...ADMIN, secretId: 'AKIDNOBODY' }).client;
    expect(await codeOf(unknown.GetGroupList({}))).toBe('AuthFailure.SecretIdNotFound');
  });

  it('of a reader may look, and change nothing', async () => {
    const { client, older } = clients(READER);
    expect((await client.GetGroupList({ Limit: 3 })).GroupNum).toBe(0);
    expect(await codeOf(client.CreateGroup({ GroupId: 'g', GroupName: 'g' }))).toBe(
      'AuthFailure.UnauthorizedOperation',
    );
    expect(await codeOf(older.CheckSimilarPerson({ GroupIds: ['g'], UniquePersonControl: 1 }))).toBe(
      'AuthFailure.UnauthorizedOperation',
    );
  });

  it('are told in the language that was asked for', async () => {
    const told = (language: 'zh-CN' | 'en-US') =>
      clients(ADMIN, { language })
        .client.GetGroupInfo({ GroupId: 'none' })
        .catch(({ message }: Error) => message);
    expect(await told('zh-CN')).toContain('人员库ID不存在');
    expect(await told('en-US')).toContain('There is no such group');
  });

  describe('by hand', () => {
    const send = async (request: ReturnType<typeof signedRequest>) => {
      const answer = await fetch(`http://${platform.httpAddress}/`, request);
      expect(answer.status).toBe(200);
      const { Response } = (await answer.json()) as {
        Response: { RequestId: string; Error?: { Code: string } };
      };
      expect(Response.RequestId).toMatch(/^[0-9a-f-]{36}$/);
      return Response.Error?.Code ?? 'fine';
    };
    const request = (change: Partial<Parameters<typeof signedRequest>[1]> = {}) =>
      signedRequest(
        { address: platform.httpAddress, ...ADMIN },
        { action: 'GetGroupList', body: {}, ...change },
      );
    const ago = (seconds: number) => Math.floor(Date.now() / 1_000) - seconds;

    it('are refused with another body, an old time, no signature, and a second time', async () => {
      const first = request({ body: { Limit: 11 } });
      expect(await send({ ...first, body: '{"Limit":12}' })).toBe('AuthFailure.SignatureFailure');
      expect(await send(first)).toBe('fine');
      expect(await send(first)).toBe('AuthFailure.SignatureExpire');
      expect(await send(request({ timestamp: ago(310) }))).toBe('AuthFailure.SignatureExpire');
      expect(await send(request({ timestamp: ago(-310) }))).toBe('AuthFailure.SignatureExpire');
      expect(await send({ ...first, headers: { ...first.headers, authorization: 'TC3' } })).toBe(
        'AuthFailure.InvalidAuthorization',
      );
    });

    it('are refused for unknown actions and versions', async () => {
      expect(await send(request({ action: 'Nothing' }))).toBe('UnsupportedOperation.UnknowMethod');
      expect(await send(request({ version: '2018-03-01', body: { Limit: 2 } }))).toBe(
        'UnsupportedOperation.UnknowMethod',
      );
      expect(await send(request({ body: { Limit: 'many' } }))).toBe('InvalidParameter.InvalidParameter');
    });
  });
});
