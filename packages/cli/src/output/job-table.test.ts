import { DuplicateCheck, LibraryJobState, ModelUpgrade } from '@mien/proto';
import { clusterTable, duplicateCheckTable, modelUpgradeText, pairTable } from './job-table';

describe('tables of long work', () => {
  it('tell how far a check is', () => {
    const check = DuplicateCheck.fromPartial({
      job: {
        id: 'job-1',
        state: LibraryJobState.LIBRARY_JOB_STATE_RUNNING,
        progress: 41.6,
        facesDone: 5,
        facesTotal: 12,
      },
      groupIds: ['a', 'b'],
      minimumScore: 70,
      pairsFound: 3,
    });
    const table = duplicateCheckTable([check]);
    for (const cell of ['job-1', 'running', '42 %', '5 of 12', 'a, b', '70', '3']) {
      expect(table).toContain(`│ ${cell} `);
    }
  });

  it('tell why an upgrade failed, and which faces stand against it', () => {
    const upgrade = ModelUpgrade.fromPartial({
      job: { state: LibraryJobState.LIBRARY_JOB_STATE_FAILED, failure: { reason: 'TEMPLATES_MISSING' } },
      failedFaces: [{ faceId: 'face-1', refusal: { reason: 'BLOB_LOST', message: 'no crop' } }],
    });
    expect(modelUpgradeText(upgrade)).toContain('failed (TEMPLATES_MISSING)');
    expect(modelUpgradeText(upgrade)).toMatch(/face-1 +│ BLOB_LOST: no crop/);
    expect(modelUpgradeText({ ...upgrade, failedFaces: [] })).not.toContain('failed face');
  });

  it('name who is alike', () => {
    const pair = {
      first: { personId: 'a', faceId: '' },
      second: { personId: 'b', faceId: '' },
      score: 88.88,
    };
    expect(pairTable([pair])).toMatch(/│ 88\.9 +│ a +│ b +│/);
    expect(clusterTable([{ personIds: ['a', 'b', 'c'], minimumScore: 71 }])).toMatch(/│ a, b, c │ 71\.0 +│/);
  });
});
