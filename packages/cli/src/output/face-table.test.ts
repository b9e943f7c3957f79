import { Face, Gender, HairColor, HairLength } from '@mien/proto';
import { faceTable } from './face-table';

const BOX = { x: 10.4, y: 20.6, width: 30, height: 40 };

describe('the table', () => {
  it('leaves out what no face has', () => {
    const table = faceTable([Face.fromPartial({ box: BOX, confidence: 0.5 })]);
    expect(table).toContain('10 21 30 40');
    expect(table).not.toContain('gender');
    expect(table).not.toContain('live');
  });

  it('shows in words what was found, with a question mark where the analysis is unsure', () => {
    const attributes = {
      gender: { value: Gender.GENDER_FEMALE, probability: 0.93 },
      hair: {
        length: HairLength.HAIR_LENGTH_LONG,
        lengthProbability: 0.9,
        color: HairColor.HAIR_COLOR_BROWN,
        colorProbability: 0.4,
      },
      hat: { worn: true, probability: 0.81 },
    };
    const table = faceTable([Face.fromPartial({ box: BOX, attributes })]);
    expect(table).toContain('female 93%');
    expect(table).toContain('long brown?');
    expect(table).toContain('hat 81%');
  });

  it('gives the reason where liveness could not be judged', () => {
    const table = faceTable([Face.fromPartial({ box: BOX, liveness: { refusalReason: 'FACE_TOO_SMALL' } })]);
    expect(table).toContain('FACE_TOO_SMALL');
  });
});
