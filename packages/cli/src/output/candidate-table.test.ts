import { FaceCandidates } from '@mien/proto';
import { candidateTable, recognisedFaces } from './candidate-table';

const BOX = { x: 1, y: 2, width: 30, height: 40 };
const FOUND = FaceCandidates.fromPartial({
  box: BOX,
  candidates: [
    { personId: 'ada', faceId: 'f-1', score: 87.25, person: { id: 'ada', name: 'Ada King' } },
    { personId: 'bob', faceId: 'f-2', score: 21 },
  ],
});
const STRANGER = FaceCandidates.fromPartial({ box: BOX, candidates: [{ personId: 'bob', score: 41 }] });
const NOBODY = FaceCandidates.fromPartial({ box: BOX });
const BLURRED = FaceCandidates.fromPartial({ box: BOX, refusal: { reason: 'FACE_QUALITY_TOO_LOW' } });
const PER_GROUP = FaceCandidates.fromPartial({
  box: BOX,
  groups: [
    { groupId: 'staff', candidates: [{ personId: 'cy', score: 55 }] },
    { groupId: 'visitors', candidates: [{ personId: 'di', score: 91 }] },
    { groupId: 'others' },
  ],
});

/** The rows without their frames. */
function rows(table: string): string[] {
  const lines = table.split('\n').filter((line) => line.startsWith('│'));
  return lines.map((line) => line.replaceAll(/[│ ]+/g, ' ').trim());
}

describe('the table of candidates', () => {
  it('has a row for each candidate, and one for a face without', () => {
    expect(rows(candidateTable([FOUND, NOBODY, BLURRED])).slice(1)).toEqual([
      '1 ada Ada King 87.3 f-1',
      '1 bob 21.0 f-2',
      '2 nobody',
      '3 FACE_QUALITY_TOO_LOW',
    ]);
  });

  it('names the group where each was searched on its own', () => {
    expect(rows(candidateTable([PER_GROUP]))).toEqual([
      '# group person name score face',
      '1 staff cy 55.0',
      '1 visitors di 91.0',
      '1 others nobody',
    ]);
  });
});

describe('faces as they are drawn', () => {
  it('are named by the best candidate of all groups, doubtful ones with a question mark', () => {
    const drawn = recognisedFaces([FOUND, STRANGER, NOBODY, BLURRED, PER_GROUP]);
    expect(drawn.map(({ label, unknown }) => [label, unknown])).toEqual([
      ['ada  87.3', false],
      ['bob?  41.0', true],
      ['nobody', true],
      ['FACE_QUALITY_TOO_LOW', true],
      ['di  91.0', false],
    ]);
  });
});
