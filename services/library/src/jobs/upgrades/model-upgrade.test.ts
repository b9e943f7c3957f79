import { randomUUID } from 'node:crypto';
import { ENROLLED_CROPS, type Library } from '../../library';
import { TestLibrary } from '../../testing/test-library';
import { afterUpgradeSaves } from '../testing/after-saves';
import { AVERAGING_MODEL, EmbedderLine } from '../testing/embedder-line';
import { packagedCrops } from '../testing/packaged-crops';
import { CropEmbedder } from './embed-crops';
import { ModelUpgradeWork } from './model-upgrade-work';

describe('a model upgrade', () => {
  let line: EmbedderLine;
  let test: TestLibrary;
  let library: Library;
  let crops: CropEmbedder;
  let pngs: Buffer[];
  let mainModel: string;
  const { signal } = new AbortController();

  beforeAll(async () => {
    line = await EmbedderLine.start();
    test = await TestLibrary.open({ extraPacks: [line.furtherPack] });
    library = test.library;
    mainModel = library.model.version;
    crops = new CropEmbedder({ objects: library.objects, jobs: line.jobs });
    pngs = (await packagedCrops('sample5.jpg')).map(({ png }) => png);
  }, 120_000);
  afterAll(async () => {
    await test.close();
    await line.stop();
  });

  /** Enrols a person with one of the packaged faces; without a crop, as who comes with a template alone. */
  async function person(groupId: string, face: number, withCrop = true): Promise<string> {
    const id = randomUUID();
    const cropKey = await storedCrop(face, id);
    const [embedded] = await crops.embed([{ faceId: id, cropKey }], mainModel, signal);
    if (embedded === undefined || !('vector' in embedded)) {
      throw new Error('the packaged face gave no template');
    }
    const box = { x: 0, y: 0, width: 100, height: 100 };
    const plain = { id, box, quality: 90, modelVersion: mainModel, template: embedded.vector };
    await library.people.createPerson({
      id: `person-${id}`,
      groupId,
      name: 'Ada',
      face: withCrop ? { ...plain, cropKey } : plain,
    });
    await library.index.follow();
    return `person-${id}`;
  }

  async function storedCrop(face: number, faceId: string): Promise<string> {
    const scope = faceId.replaceAll('-', '');
    const bytes = pngs[face] ?? Buffer.alloc(0);
    const key = library.objects.keyOf(bytes, { prefix: ENROLLED_CROPS, scope });
    await library.people.reserveBlobs([key], 600);
    await library.objects.put(bytes, { prefix: ENROLLED_CROPS, scope });
    return key;
  }

  async function upgradeOf(groupId: string): Promise<string> {
    const upgrade = { groupIds: [groupId], toVersion: AVERAGING_MODEL };
    return (await library.people.modelUpgrades.create(upgrade)).id;
  }

  async function upgraded(id: string, using = library) {
    expect(await new ModelUpgradeWork(using, crops, { batchSize: 2 }).runNext(signal)).toBe(true);
    return library.people.modelUpgrades.get(id);
  }

  /** Who a packaged face is found to be, by the model that the group is searched with. */
  async function found(groupId: string, face: number): Promise<string | undefined> {
    const { modelVersion } = await library.people.getGroup(groupId);
    const probe = { faceId: randomUUID(), cropKey: await storedCrop(face, randomUUID()) };
    const [embedded] = await crops.embed([probe], modelVersion, signal);
    const vector = embedded !== undefined && 'vector' in embedded ? embedded.vector : new Float32Array();
    const [best] = await library.index.nearest(vector, { groupIds: [groupId], modelVersion, count: 1 });
    return best !== undefined && best.cosine > 0.999 ? best.face.personId : undefined;
  }

  it('has the group searched with the other model, and back, once', async () => {
    const group = await test.group();
    const people = [await person(group, 0), await person(group, 1), await person(group, 2)];
    const id = await upgradeOf(group);
    expect(await upgraded(id)).toMatchObject({
      state: 'done',
      facesDone: 3,
      facesTotal: 3,
      facesFailed: 0,
      fromVersion: mainModel,
      toVersion: AVERAGING_MODEL,
    });
    expect((await library.people.getGroup(group)).modelVersion).toBe(AVERAGING_MODEL);
    expect([await found(group, 0), await found(group, 1), await found(group, 2)]).toEqual(people);

    const { modelUpgrades } = library.people;
    expect(await modelUpgrades.rollBack(id)).toMatchObject({ state: 'rolled-back' });
    expect((await library.people.getGroup(group)).modelVersion).toBe(mainModel);
    expect([await found(group, 0), await found(group, 1), await found(group, 2)]).toEqual(people);
    await expect(modelUpgrades.rollBack(id)).rejects.toMatchObject({ reason: 'UPGRADE_NOT_REVERSIBLE' });

    expect(await upgraded(await upgradeOf(group))).toMatchObject({ state: 'done' });
    expect((await library.people.getGroup(group)).modelVersion).toBe(AVERAGING_MODEL);
    expect(await found(group, 1)).toBe(people[1]);
  });

  it('makes templates for those faces alone that lack them', async () => {
    const group = await test.group();
    await person(group, 0);
    await upgraded(await upgradeOf(group));
    await library.people.modelUpgrades.rollBack(
      (await library.people.modelUpgrades.list({})).entries[0]?.id ?? '',
    );
    await person(group, 1);
    const id = await upgradeOf(group);
    const seen: number[] = [];
    const watched = afterUpgradeSaves(library, 1, async () => {
      seen.push((await library.people.modelUpgrades.get(id)).facesDone);
    });
    expect(await upgraded(id, watched)).toMatchObject({ state: 'done', facesDone: 2, facesTotal: 2 });
    expect(seen).toEqual([2]);
  });

  it('leaves the group searched as before until every face has its template, new ones too', async () => {
    const group = await test.group();
    const people = [await person(group, 0), await person(group, 1), await person(group, 2)];
    const id = await upgradeOf(group);
    const halfway = afterUpgradeSaves(library, 1, async () => {
      expect((await library.people.getGroup(group)).modelVersion).toBe(mainModel);
      expect([await found(group, 0), await found(group, 2)]).toEqual([people[0], people[2]]);
      // Enrolled by the last batch's time, with the template of the old model alone.
      people.push(await person(group, 3));
    });
    expect(await upgraded(id, halfway)).toMatchObject({ state: 'done', facesDone: 4 });
    const all = [await found(group, 0), await found(group, 1), await found(group, 2), await found(group, 3)];
    expect(all).toEqual(people);
  });

  it('is held back by faces that have no crop, and says which', async () => {
    const group = await test.group();
    await person(group, 0);
    const without = await person(group, 1, false);
    const id = await upgradeOf(group);
    expect(await upgraded(id)).toMatchObject({
      state: 'failed',
      facesDone: 1,
      facesFailed: 1,
      failure: { reason: 'TEMPLATES_MISSING' },
    });
    expect((await library.people.getGroup(group)).modelVersion).toBe(mainModel);
    const { entries } = await library.people.modelUpgrades.failedFaces(id, {});
    expect(entries).toEqual([
      {
        faceId: (await library.people.getPerson(without)).faces[0]?.id,
        reason: 'BLOB_LOST',
        message: expect.any(String),
      },
    ]);
    await library.people.deletePerson(without);
    expect(await upgraded(await upgradeOf(group))).toMatchObject({ state: 'done' });
  });

  it('goes on where it was stopped', async () => {
    const group = await test.group();
    for (const face of [0, 1, 2, 3, 4]) {
      await person(group, face);
    }
    const id = await upgradeOf(group);
    const stop = new AbortController();
    const stopping = afterUpgradeSaves(library, 1, async () => stop.abort());
    const work = new ModelUpgradeWork(stopping, crops, { batchSize: 2 });
    await expect(work.runNext(stop.signal)).rejects.toThrow();
    expect(await library.people.modelUpgrades.get(id)).toMatchObject({ state: 'queued', facesDone: 2 });
    expect(await upgraded(id)).toMatchObject({ state: 'done', facesDone: 5 });
  });

  it('ends when it is cancelled; the group stays as it was', async () => {
    const group = await test.group();
    await person(group, 0);
    await person(group, 1);
    await person(group, 2);
    const id = await upgradeOf(group);
    const cancelled = afterUpgradeSaves(library, 1, async () => {
      await library.people.modelUpgrades.cancel(id);
    });
    expect(await upgraded(id, cancelled)).toMatchObject({ state: 'cancelled', facesDone: 2 });
    expect((await library.people.getGroup(group)).modelVersion).toBe(mainModel);
  });

  it('to a model that no pack here describes fails', async () => {
    const group = await test.group();
    await person(group, 0);
    const { id } = await library.people.modelUpgrades.create({ groupIds: [group], toVersion: 'other-1' });
    expect(await upgraded(id)).toMatchObject({
      state: 'failed',
      failure: { reason: 'MODEL_VERSIONS_DIFFER' },
    });
  });
});
