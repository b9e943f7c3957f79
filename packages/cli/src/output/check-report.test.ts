import { CheckLibraryResponse } from '@mien/proto';
import { checkReport, isSound } from './check-report';

const damage = { count: 7, examples: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] };

describe('the report of a check', () => {
  it('of a sound library is two lines', () => {
    const sound = CheckLibraryResponse.fromPartial({ templates: 3, vectors: 3, blobs: 4 });
    expect(isSound(sound)).toBe(true);
    expect(checkReport(sound)).toBe(
      'database: 3 templates; index: 3 vectors; object store: 4 crops and photos\nsound',
    );
  });

  it('tells damage with examples, and whether it stays', () => {
    const found = CheckLibraryResponse.fromPartial({ facesWithoutVector: damage });
    expect(isSound(found)).toBe(false);
    expect(checkReport(found)).toContain(
      '\n7 faces that searches do not find: a, b, c, d, e, ...\nnot sound',
    );
    const repaired = { ...found, repaired: true };
    expect(isSound(repaired)).toBe(true);
    expect(checkReport(repaired)).toContain('repaired: 7 faces');
  });

  it('knows that what is lost stays lost', () => {
    const lost = CheckLibraryResponse.fromPartial({ lostBlobs: damage, repaired: true });
    expect(isSound(lost)).toBe(false);
    expect(checkReport(lost)).not.toContain('repaired:');
  });
});
