import { Bus, createLineMetrics, JobClient } from '@mien/bus';
import { createLogger } from '@mien/service';
import { LocalDiskStore } from '@mien/stores';
import { metrics } from '@opentelemetry/api';
import { CropEmbedder } from '../upgrades/embed-crops';
import { ModelUpgradeWork } from '../upgrades/model-upgrade-work';
import { afterEveryUpgradeSave } from './after-saves';
import { libraryIn } from './library-in';

/** Small batches, and a lease that ends soon after the process. */
export const UPGRADE_PACE = { batchSize: 4, leaseSeconds: 0.5 };

/** What the process works with. */
export interface UpgradingProcess {
  readonly libraryFolder: string;
  readonly natsUrl: string;
  readonly blobFolder: string;
  readonly furtherPack: string;
}

/** Works on the upgrades in the folder's library and tells its parent after each batch that was saved. */
async function upgrade({ libraryFolder, natsUrl, blobFolder, furtherPack }: UpgradingProcess): Promise<void> {
  const logger = createLogger({ service: 'library-test', level: 'silent' });
  const jobs = new JobClient({
    bus: await Bus.connect({ servers: [natsUrl], name: 'test', logger }),
    store: await LocalDiskStore.open({ folder: blobFolder }),
    blobRetentionSeconds: 60,
    metrics: createLineMetrics(metrics.getMeter('test')),
    logger,
  });
  const library = await libraryIn(libraryFolder, [furtherPack]);
  const telling = afterEveryUpgradeSave(library, () => process.send?.('saved'));
  const crops = new CropEmbedder({ objects: library.objects, jobs });
  await new ModelUpgradeWork(telling, crops, UPGRADE_PACE).runNext(new AbortController().signal);
}

if (require.main === module) {
  void upgrade(JSON.parse(process.argv[2] ?? ''));
}
