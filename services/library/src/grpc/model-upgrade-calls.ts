import type { ModelUpgrade } from '@mien/people';
import type {
  CancelModelUpgradeRequest,
  CancelModelUpgradeResponse,
  GetModelUpgradeRequest,
  GetModelUpgradeResponse,
  ListModelUpgradesRequest,
  ListModelUpgradesResponse,
  ModelUpgrade as ModelUpgradeMessage,
  RollBackModelUpgradeRequest,
  RollBackModelUpgradeResponse,
  StartModelUpgradeRequest,
  StartModelUpgradeResponse,
} from '@mien/proto';
import type { Library } from '../library';
import { jobMessage } from './job-message';
import { pageRequest } from './page-request';

/** So many of the faces that failed are named. */
const MOST_FAILED = 1_000;

/** The calls of LibraryJobService that are about model upgrades. */
export class ModelUpgradeCalls {
  constructor(
    private readonly library: Library,
    /** There is a new upgrade. */
    private readonly wake: () => void,
  ) {}

  start = async ({ groupId, toVersion }: StartModelUpgradeRequest): Promise<StartModelUpgradeResponse> => {
    // Without its calibration nobody could search with it.
    this.library.model.calibrationOf(toVersion);
    const upgrade = await this.upgrades.create({ groupIds: [groupId], toVersion });
    this.wake();
    return { upgrade: await this.message(upgrade) };
  };

  get = async ({ id }: GetModelUpgradeRequest): Promise<GetModelUpgradeResponse> => {
    return { upgrade: await this.message(await this.upgrades.get(id)) };
  };

  list = async ({ page }: ListModelUpgradesRequest): Promise<ListModelUpgradesResponse> => {
    const { entries, nextCursor = '', total } = await this.upgrades.list(pageRequest(page));
    return { upgrades: entries.map((upgrade) => upgradeMessage(upgrade)), nextCursor, total };
  };

  cancel = async ({ id }: CancelModelUpgradeRequest): Promise<CancelModelUpgradeResponse> => {
    return { upgrade: await this.message(await this.upgrades.cancel(id)) };
  };

  rollBack = async ({ id }: RollBackModelUpgradeRequest): Promise<RollBackModelUpgradeResponse> => {
    const { fromVersion } = await this.upgrades.get(id);
    await this.library.index.load(fromVersion);
    return { upgrade: await this.message(await this.upgrades.rollBack(id)) };
  };

  private async message(upgrade: ModelUpgrade): Promise<ModelUpgradeMessage> {
    const { entries } = await this.upgrades.failedFaces(upgrade.id, { size: MOST_FAILED });
    const failed = entries.map(({ faceId, reason, message }) => ({ faceId, refusal: { reason, message } }));
    return upgradeMessage(upgrade, failed);
  }

  private get upgrades() {
    return this.library.people.modelUpgrades;
  }
}

function upgradeMessage(
  upgrade: ModelUpgrade,
  failedFaces: ModelUpgradeMessage['failedFaces'] = [],
): ModelUpgradeMessage {
  const { groupIds, fromVersion, toVersion } = upgrade;
  return { job: jobMessage(upgrade), groupId: groupIds[0] ?? '', fromVersion, toVersion, failedFaces };
}
