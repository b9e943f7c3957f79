import {
  CheckLivenessRequest,
  ClusterSettings,
  DetectRequest,
  EnrolWork,
  SearchRequest,
  StartDuplicateCheckRequest,
  type SubmitJobRequest,
} from '@mien/proto';
import type { ClusterSettings as AlbumSettings } from '../album';
import type { DuplicateCheckSettings } from '../library/duplicate-checks';
import type { EnrolSettings, SearchSettings } from '../library/settings';
import type { DetectSettings, LivenessSettings } from '../mien-client';
import { type CallSettings, given } from '../settings';

/** Settings of one call, without those that a job as a whole has. */
type WorkSettings<Settings> = Omit<Settings, keyof CallSettings | 'priority'>;

/** What a job does with each of its photos; a cluster with all of them together, a duplicate check without any. */
export type JobWork =
  | { readonly detect: WorkSettings<DetectSettings> }
  | { readonly checkLiveness: WorkSettings<LivenessSettings> }
  | { readonly search: WorkSettings<SearchSettings> & { readonly groupIds: readonly string[] } }
  | { readonly enrol: WorkSettings<EnrolSettings> & { readonly groupId: string } }
  | {
      readonly duplicateCheck: WorkSettings<DuplicateCheckSettings> & {
        readonly groupIds: readonly string[];
      };
    }
  | { readonly cluster: WorkSettings<AlbumSettings> };

/** The work as requests hold it. */
export function toWork(work: JobWork): NonNullable<SubmitJobRequest['work']> {
  if ('detect' in work) {
    return { $case: 'detect', value: DetectRequest.fromPartial(given(work.detect)) };
  }
  if ('checkLiveness' in work) {
    return { $case: 'checkLiveness', value: CheckLivenessRequest.fromPartial(given(work.checkLiveness)) };
  }
  if ('search' in work) {
    const { groupIds, ...settings } = work.search;
    return {
      $case: 'search',
      value: SearchRequest.fromPartial({ groupIds: [...groupIds], ...given(settings) }),
    };
  }
  if ('enrol' in work) {
    return { $case: 'enrol', value: EnrolWork.fromPartial(given(work.enrol)) };
  }
  if ('duplicateCheck' in work) {
    const { groupIds, ...settings } = work.duplicateCheck;
    return {
      $case: 'duplicateCheck',
      value: StartDuplicateCheckRequest.fromPartial({ groupIds: [...groupIds], ...given(settings) }),
    };
  }
  return { $case: 'cluster', value: ClusterSettings.fromPartial(given(work.cluster)) };
}
