import { LibraryJobState, type ModelUpgrade } from '@mien/proto';
import type { ActionContext } from '../action';
import { answered } from './answered';

const PAGE = 1_000;

/**
 * The last upgrade of the group, if it went to the same model, failed, and left faces behind that are still there: their
 * crops are lost, so that another would fail like it. Undefined when nothing is known against one.
 */
export async function lostFaces(
  { groupId, toVersion }: { readonly groupId: string; readonly toVersion: string },
  context: Pick<ActionContext, 'useCases' | 'call'>,
): Promise<string | undefined> {
  const last = await lastUpgrade(groupId, context);
  const job = last?.job;
  if (
    last?.toVersion !== toVersion ||
    job?.state !== LibraryJobState.LIBRARY_JOB_STATE_FAILED ||
    job.failure?.reason !== 'TEMPLATES_MISSING'
  ) {
    return undefined;
  }
  const { upgrade } = await context.useCases.libraryJobs.getModelUpgrade({ id: job.id }, context.call);
  return answered(upgrade).failedFaces.length > 0 ? job.id : undefined;
}

/** Newest come first. */
async function lastUpgrade(
  groupId: string,
  { useCases, call }: Pick<ActionContext, 'useCases' | 'call'>,
): Promise<ModelUpgrade | undefined> {
  let cursor = '';
  do {
    const { upgrades, nextCursor } = await useCases.libraryJobs.listModelUpgrades(
      { page: { size: PAGE, cursor } },
      call,
    );
    const found = upgrades.find((upgrade) => upgrade.groupId === groupId);
    if (found !== undefined) {
      return found;
    }
    cursor = nextCursor;
  } while (cursor !== '');
  return undefined;
}
