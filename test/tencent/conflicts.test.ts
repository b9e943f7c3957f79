import { findPostgres, PostgresServer } from '@mien/people/dist/testing/postgres-server';
import { type Platform, startInOneProcess } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import { Client } from 'pg';
import { type TestSettings, testSettings } from '../e2e/test-platform';
import { singleFaces, variant } from '../photos/single-faces';
import { codeOf } from './case';
import { clientsOf } from './world';

const KEY = { secretId: 'none', secretKey: 'none' };
const binaries = findPostgres();
const withServer = binaries === undefined ? describe.skip : describe;

/** On a real PostgreSQL (skipped where none is installed), which others may work on at the same time. */
withServer('a library whose database others work on, too,', () => {
  let settings: TestSettings;
  let postgres: PostgresServer;
  let platform: Platform;
  let another: Client;
  let faces: Buffer[];

  beforeAll(async () => {
    settings = await testSettings('tencent-conflicts');
    postgres = await PostgresServer.start(binaries ?? '');
    const connectionString = await postgres.newDatabase();
    platform = await startInOneProcess({ ...settings.env, MIEN_LIBRARY_DATABASE_URL: connectionString });
    another = new Client({ connectionString });
    await another.connect();
    const mien = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
    faces = (await singleFaces(mien)).slice(0, 2);
    mien.close();
    for (const id of ['staff', 'guests']) {
      await client().CreateGroup({ GroupId: id, GroupName: id });
    }
    await client().CreatePerson({ GroupId: 'staff', PersonId: 'ada', PersonName: 'Ada', Image: image(0) });
    await client().CreateFace({ PersonId: 'ada', Images: [image(0)] });
    await client().CreatePerson({ GroupId: 'guests', PersonId: 'bob', PersonName: 'Bob', Image: image(1) });
  }, 180_000);

  afterAll(async () => {
    await another?.end();
    await platform?.stop();
    await postgres?.stop();
    await settings?.remove();
  });

  const client = () => clientsOf(platform.httpAddress, KEY).client;
  const image = (number: number) => faces[number]?.toString('base64') ?? '';
  const facesOfAda = async () => (await client().GetPersonBaseInfo({ PersonId: 'ada' })).FaceIds ?? [];

  it('tells when somebody else is changing the person for too long, and goes on afterwards', async () => {
    const [FaceId = ''] = await facesOfAda();
    await another.query('begin');
    await another.query('select 1 from persons for update');
    const PersonId = 'ada';
    const [base, adding, ...shape] = await Promise.all(
      [
        client().ModifyPersonBaseInfo({ PersonId, PersonName: 'Countess' }),
        client().CreateFace({ PersonId: 'bob', Images: [image(1)] }),
        client().DeleteFace({ PersonId, FaceIds: [FaceId] }),
        client().DeletePerson({ PersonId }),
        client().DeletePersonFromGroup({ PersonId, GroupId: 'staff' }),
        client().CopyPerson({ PersonId, GroupIds: ['guests'] }),
      ].map(codeOf),
    );
    await another.query('rollback');
    expect(base).toBe('FailedOperation.ConflictOperation');
    expect(adding).toBe('FailedOperation.RequestTimeout');
    expect(shape).toEqual(Array.from({ length: 4 }, () => 'FailedOperation.CreateFaceConcurrent'));
    await client().ModifyPersonBaseInfo({ PersonId, PersonName: 'Countess' });
    expect(await client().GetPersonBaseInfo({ PersonId })).toMatchObject({ PersonName: 'Countess' });
  }, 120_000);

  it('adds faces to one person one request after the other', async () => {
    const before = await facesOfAda();
    const pictures = await Promise.all([1, 2].map((number) => variant(faces[0] ?? Buffer.alloc(0), number)));
    const added = await Promise.all(
      pictures.map((picture) =>
        client().CreateFace({ PersonId: 'ada', Images: [picture.toString('base64')] }),
      ),
    );
    expect(added.map(({ SucFaceNum }) => SucFaceNum)).toEqual([1, 1]);
    expect(await facesOfAda()).toHaveLength(before.length + 2);
  });

  it('tells of a fault of its own when what it keeps is damaged', async () => {
    expect((await client().VerifyFace({ PersonId: 'ada', Image: image(0) })).IsMatch).toBe(true);
    await another.query("update templates set bytes = '\\x00'");
    expect(await codeOf(client().VerifyFace({ PersonId: 'ada', Image: image(0) }))).toBe('InternalError');
  });
});
