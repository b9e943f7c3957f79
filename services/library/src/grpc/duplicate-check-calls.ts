import { MienError } from '@mien/errors';
import type { DuplicateCheck } from '@mien/people';
import type {
  CancelDuplicateCheckRequest,
  CancelDuplicateCheckResponse,
  DuplicateCheck as DuplicateCheckMessage,
  EstimateDuplicateCheckRequest,
  EstimateDuplicateCheckResponse,
  GetDuplicateCheckRequest,
  GetDuplicateCheckResponse,
  ListDuplicateChecksRequest,
  ListDuplicateChecksResponse,
  ListDuplicateClustersRequest,
  ListDuplicateClustersResponse,
  ListDuplicatePairsRequest,
  ListDuplicatePairsResponse,
  StartDuplicateCheckRequest,
  StartDuplicateCheckResponse,
} from '@mien/proto';
import { listClusters } from '../jobs/duplicates/cluster-pages';
import { estimateCheck } from '../jobs/duplicates/estimate';
import type { Library } from '../library';
import { searchedGroups } from '../tasks/searched-groups';
import { jobMessage } from './job-message';
import { pageRequest } from './page-request';

const MOST_GROUPS = 10;
/** A check compares everybody with everybody: at 60 (a false-accept rate of 1e-5) some pairs of strangers show up. */
const USUAL_SCORE = 70;
/** Below the score whose false-accept rate is 1e-3, a check would find more strangers than persons. */
const LOWEST_SCORE = 40;

/** The calls of LibraryJobService that are about duplicate persons. */
export class DuplicateCheckCalls {
  constructor(
    private readonly library: Library,
    /** There is a new check. */
    private readonly wake: () => void,
  ) {}

  estimate = async ({ groupIds }: EstimateDuplicateCheckRequest): Promise<EstimateDuplicateCheckResponse> => {
    const { ids, modelVersion } = await searchedGroups(checkedGroups(groupIds), this.library);
    const plan = { groupIds: ids, modelVersion, minimumScore: USUAL_SCORE };
    const { faces, seconds } = await estimateCheck(this.library, plan);
    return { faces, estimatedSeconds: seconds };
  };

  start = async (request: StartDuplicateCheckRequest): Promise<StartDuplicateCheckResponse> => {
    const { ids } = await searchedGroups(checkedGroups(request.groupIds), this.library);
    const minimumScore = minimumOf(request.minimumScore);
    const given = request.id === '' ? {} : { id: request.id };
    const check = await this.checks.create({ ...given, groupIds: ids, minimumScore });
    this.wake();
    return { check: checkMessage(check) };
  };

  get = async ({ id }: GetDuplicateCheckRequest): Promise<GetDuplicateCheckResponse> => {
    return { check: checkMessage(await this.checks.get(id)) };
  };

  list = async ({ page }: ListDuplicateChecksRequest): Promise<ListDuplicateChecksResponse> => {
    const { entries, nextCursor = '', total } = await this.checks.list(pageRequest(page));
    return { checks: entries.map(checkMessage), nextCursor, total };
  };

  cancel = async ({ id }: CancelDuplicateCheckRequest): Promise<CancelDuplicateCheckResponse> => {
    return { check: checkMessage(await this.checks.cancel(id)) };
  };

  listPairs = async ({ id, page }: ListDuplicatePairsRequest): Promise<ListDuplicatePairsResponse> => {
    const { entries, nextCursor = '', total } = await this.checks.pairs(id, pageRequest(page));
    return { pairs: [...entries], nextCursor, total };
  };

  listClusters = async ({
    id,
    page,
  }: ListDuplicateClustersRequest): Promise<ListDuplicateClustersResponse> => {
    const { entries, nextCursor = '', total } = await listClusters(this.checks, id, pageRequest(page));
    const clusters = entries.map(({ personIds, weakestScore }) => ({
      personIds: [...personIds],
      minimumScore: weakestScore,
    }));
    return { clusters, nextCursor, total };
  };

  private get checks() {
    return this.library.people.duplicateChecks;
  }
}

/** Throws ARGUMENT_INVALID. */
function checkedGroups(groupIds: readonly string[]): readonly string[] {
  if (new Set(groupIds).size > MOST_GROUPS) {
    throw new MienError('ARGUMENT_INVALID', `group_ids: 1 to ${MOST_GROUPS} groups are checked at once`, {
      metadata: { field: 'group_ids', minimum: '1', maximum: String(MOST_GROUPS) },
    });
  }
  return groupIds;
}

/** Throws ARGUMENT_INVALID. */
function minimumOf(score: number = USUAL_SCORE): number {
  if (!(score >= LOWEST_SCORE && score <= 100)) {
    throw new MienError('ARGUMENT_INVALID', `minimum_score: ${LOWEST_SCORE} to 100`, {
      metadata: { field: 'minimum_score', minimum: String(LOWEST_SCORE), maximum: '100' },
    });
  }
  return score;
}

function checkMessage(check: DuplicateCheck): DuplicateCheckMessage {
  const { groupIds, minimumScore, pairsFound } = check;
  return { job: jobMessage(check), groupIds: [...groupIds], minimumScore, pairsFound };
}
