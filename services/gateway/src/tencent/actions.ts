import { MienError, STATUS_OF_REASON } from '@mien/errors';
import type { Action } from './action';
import { analyzeDenseLandmarks } from './actions/analyze-dense-landmarks';
import { analyzeFace } from './actions/analyze-face';
import { compareFace, detectFaceSimilarity } from './actions/compare';
import { compareMaskFace } from './actions/compare-mask-face';
import { detectFace } from './actions/detect-face';
import { detectFaceAttributes } from './actions/detect-face-attributes';
import { createFace, deleteFace } from './actions/faces';
import { createGroup, deleteGroup, getGroupInfo, getGroupList, modifyGroup } from './actions/groups';
import { detectLiveFace, detectLiveFaceAccurate } from './actions/liveness';
import {
  copyPerson,
  deletePersonFromGroup,
  getPersonGroupInfo,
  modifyPersonGroupInfo,
} from './actions/person-groups';
import {
  createPerson,
  deletePerson,
  getPersonBaseInfo,
  getPersonList,
  getPersonListNum,
  modifyPersonBaseInfo,
} from './actions/persons';
import {
  searchFaces,
  searchFacesReturnsByGroup,
  searchPersons,
  searchPersonsReturnsByGroup,
} from './actions/search';
import {
  checkSimilarPerson,
  estimateCheckSimilarPersonCostTime,
  getCheckSimilarPersonJobIdList,
  getSimilarPersonResult,
} from './actions/similar-persons';
import {
  getUpgradeGroupFaceModelVersionJobList,
  getUpgradeGroupFaceModelVersionResult,
  revertGroupFaceModelVersion,
  upgradeGroupFaceModelVersion,
} from './actions/upgrades';
import { verifyFace, verifyPerson } from './actions/verify';
import { CODE_OF_REASON } from './errors/code-of-reason';
import { CODES } from './errors/codes';

/** What the endpoint answers: one row for each action, by the name that clients call it by. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map(
  Object.entries({
    DetectFace: detectFace,
    DetectFaceAttributes: detectFaceAttributes,
    AnalyzeFace: analyzeFace,
    AnalyzeDenseLandmarks: analyzeDenseLandmarks,
    CompareFace: compareFace,
    CompareMaskFace: compareMaskFace,
    DetectFaceSimilarity: detectFaceSimilarity,
    DetectLiveFace: detectLiveFace,
    DetectLiveFaceAccurate: detectLiveFaceAccurate,
    CreateGroup: createGroup,
    DeleteGroup: deleteGroup,
    ModifyGroup: modifyGroup,
    GetGroupList: getGroupList,
    GetGroupInfo: getGroupInfo,
    CreatePerson: createPerson,
    DeletePerson: deletePerson,
    DeletePersonFromGroup: deletePersonFromGroup,
    ModifyPersonBaseInfo: modifyPersonBaseInfo,
    ModifyPersonGroupInfo: modifyPersonGroupInfo,
    GetPersonBaseInfo: getPersonBaseInfo,
    GetPersonGroupInfo: getPersonGroupInfo,
    GetPersonList: getPersonList,
    GetPersonListNum: getPersonListNum,
    CopyPerson: copyPerson,
    CreateFace: createFace,
    DeleteFace: deleteFace,
    VerifyFace: verifyFace,
    VerifyPerson: verifyPerson,
    SearchFaces: searchFaces,
    SearchFacesReturnsByGroup: searchFacesReturnsByGroup,
    SearchPersons: searchPersons,
    SearchPersonsReturnsByGroup: searchPersonsReturnsByGroup,
    EstimateCheckSimilarPersonCostTime: estimateCheckSimilarPersonCostTime,
    CheckSimilarPerson: checkSimilarPerson,
    GetCheckSimilarPersonJobIdList: getCheckSimilarPersonJobIdList,
    GetSimilarPersonResult: getSimilarPersonResult,
    UpgradeGroupFaceModelVersion: upgradeGroupFaceModelVersion,
    RevertGroupFaceModelVersion: revertGroupFaceModelVersion,
    GetUpgradeGroupFaceModelVersionJobList: getUpgradeGroupFaceModelVersionJobList,
    GetUpgradeGroupFaceModelVersionResult: getUpgradeGroupFaceModelVersionResult,
  }),
);

/** Throws INTERNAL unless every action can be answered, and every reason of ours has a code with a text. */
export function checkTables(actions: ReadonlyMap<string, Action> = ACTIONS): void {
  for (const [name, row] of actions) {
    if (typeof row?.answer !== 'function') {
      throw new MienError('INTERNAL', `nothing answers the action ${name}`);
    }
  }
  for (const reason of Object.keys(STATUS_OF_REASON)) {
    const mapping: unknown = Reflect.get(CODE_OF_REASON, reason);
    if (typeof mapping !== 'function' && !Object.hasOwn(CODES, String(mapping))) {
      throw new MienError('INTERNAL', `no error code is written down for ${reason}`);
    }
  }
}
