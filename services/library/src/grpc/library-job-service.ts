import { type LibraryJobServiceServer, LibraryJobServiceService } from '@mien/proto';
import { type CallContext, type GrpcService, type RpcMetrics, unary } from '@mien/service';
import { withContractNames } from '../argument-names';
import type { Library } from '../library';
import { DuplicateCheckCalls } from './duplicate-check-calls';
import { ModelUpgradeCalls } from './model-upgrade-calls';

const NAME = 'mien.v1.LibraryJobService';

/** Whom to tell of new jobs. */
export interface JobWakers {
  duplicateCheck(): void;
  modelUpgrade(): void;
}

/** mien.v1.LibraryJobService: jobs are kept in the database and done in the background. */
export function libraryJobService(library: Library, metrics: RpcMetrics, wake: JobWakers): GrpcService {
  const { logger } = library;
  const checks = new DuplicateCheckCalls(library, wake.duplicateCheck);
  const upgrades = new ModelUpgradeCalls(library, wake.modelUpgrade);
  const call = <Request, Response>(rpc: string, answer: (request: Request) => Promise<Response>) =>
    unary({ method: `${NAME}/${rpc}`, metrics, logger }, (request: Request, { signal }: CallContext) => {
      signal.throwIfAborted();
      return withContractNames(() => answer(request));
    });
  const implementation: LibraryJobServiceServer = {
    estimateDuplicateCheck: call('EstimateDuplicateCheck', checks.estimate),
    startDuplicateCheck: call('StartDuplicateCheck', checks.start),
    getDuplicateCheck: call('GetDuplicateCheck', checks.get),
    listDuplicateChecks: call('ListDuplicateChecks', checks.list),
    cancelDuplicateCheck: call('CancelDuplicateCheck', checks.cancel),
    listDuplicatePairs: call('ListDuplicatePairs', checks.listPairs),
    listDuplicateClusters: call('ListDuplicateClusters', checks.listClusters),
    startModelUpgrade: call('StartModelUpgrade', upgrades.start),
    getModelUpgrade: call('GetModelUpgrade', upgrades.get),
    listModelUpgrades: call('ListModelUpgrades', upgrades.list),
    cancelModelUpgrade: call('CancelModelUpgrade', upgrades.cancel),
    rollBackModelUpgrade: call('RollBackModelUpgrade', upgrades.rollBack),
  };
  return { name: NAME, definition: LibraryJobServiceService, implementation };
}
