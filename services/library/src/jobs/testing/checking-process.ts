import { DuplicateCheckWork } from '../duplicates/duplicate-check-work';
import { afterEveryCheckSave } from './after-saves';
import { libraryIn } from './library-in';

/** Small batches, and a lease that ends soon after the process. */
export const CHECK_PACE = { batchSize: 10, leaseSeconds: 0.5 };

/** Works on the checks in the folder's library and tells its parent after each batch that was saved. */
async function check(folder: string): Promise<void> {
  const library = afterEveryCheckSave(await libraryIn(folder), () => process.send?.('saved'));
  await new DuplicateCheckWork(library, CHECK_PACE).runNext(new AbortController().signal);
}

if (require.main === module) {
  void check(process.argv[2] ?? '');
}
