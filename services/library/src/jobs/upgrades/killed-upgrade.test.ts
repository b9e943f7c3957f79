import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENROLLED_CROPS } from '../../library';
import type { OpenLibrary } from '../../open-library';
import { AVERAGING_MODEL, EmbedderLine } from '../testing/embedder-line';
import { libraryIn } from '../testing/library-in';
import { face } from '../testing/look-alikes';
import { packagedCrops } from '../testing/packaged-crops';
import { UPGRADE_PACE, type UpgradingProcess } from '../testing/upgrading-process';
import { CropEmbedder } from './embed-crops';
import { ModelUpgradeWork } from './model-upgrade-work';

const FACES = 24;
const GROUP = 'staff';

describe('a model upgrade whose process is killed', () => {
  let folder: string;
  let line: EmbedderLine;
  let library: OpenLibrary | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-killed-upgrade-'));
    line = await EmbedderLine.start();
  }, 60_000);
  afterAll(async () => {
    await library?.close();
    await line.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** People whose crops are packaged faces, whatever their templates are. */
  async function staff({ people, objects, model }: OpenLibrary): Promise<void> {
    const crops = await packagedCrops('sample5.jpg');
    await people.createGroup({ id: GROUP, name: GROUP, modelVersion: model.version });
    for (let number = 0; number < FACES; number++) {
      const id = randomUUID();
      const naming = { prefix: ENROLLED_CROPS, scope: id.replaceAll('-', '') };
      const png = crops[number % crops.length]?.png ?? Buffer.alloc(0);
      const cropKey = objects.keyOf(png, naming);
      await people.reserveBlobs([cropKey], 600);
      await objects.put(png, naming);
      const enrolled = { ...face(number, 0, model.version), id, cropKey };
      await people.createPerson({ id: `person-${number}`, groupId: GROUP, name: 'Ada', face: enrolled });
    }
  }

  it('is finished by the next one, which does not begin anew', async () => {
    library = await libraryIn(folder, [line.furtherPack]);
    await staff(library);
    const upgrade = { groupIds: [GROUP], toVersion: AVERAGING_MODEL };
    const { id } = await library.people.modelUpgrades.create(upgrade);
    await library.close();

    const setting: UpgradingProcess = {
      libraryFolder: folder,
      natsUrl: line.natsUrl,
      blobFolder: join(line.folder, 'blobs'),
      furtherPack: line.furtherPack,
    };
    const file = join(__dirname, '../../../dist/jobs/testing/upgrading-process.js');
    const doomed = fork(file, [JSON.stringify(setting)]);
    await saves(doomed, 2);
    const gone = once(doomed, 'exit');
    doomed.kill('SIGKILL');
    await gone;

    library = await libraryIn(folder, [line.furtherPack]);
    const { modelUpgrades } = library.people;
    const found = await modelUpgrades.get(id);
    expect(found.state).toBe('running');
    expect(found.facesDone).toBeGreaterThanOrEqual(2 * UPGRADE_PACE.batchSize);
    expect(found.facesDone).toBeLessThan(FACES);
    expect((await library.people.getGroup(GROUP)).modelVersion).toBe(library.model.version);
    const crops = new CropEmbedder({ objects: library.objects, jobs: line.jobs });
    const work = new ModelUpgradeWork(library, crops, UPGRADE_PACE);
    while (!(await work.runNext(new AbortController().signal))) {
      // Until the dead process's lease has ended, the upgrade counts as its own.
    }
    expect(await modelUpgrades.get(id)).toMatchObject({ state: 'done', facesDone: FACES, facesFailed: 0 });
    expect((await library.people.getGroup(GROUP)).modelVersion).toBe(AVERAGING_MODEL);
    const range = { groupIds: [GROUP] };
    for await (const { entries } of library.people.streamTemplatesOfGroups(AVERAGING_MODEL, range)) {
      expect(entries).toHaveLength(FACES);
    }
  }, 120_000);
});

/** Waits until the process has saved so many batches. */
async function saves(child: ChildProcess, count: number): Promise<void> {
  for (let saved = 0; saved < count; saved++) {
    await once(child, 'message');
  }
}
