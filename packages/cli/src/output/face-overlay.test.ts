import { Face } from '@mien/proto';
import { faceOverlay } from './face-overlay';

const FACE = Face.fromPartial({
  box: { x: 100, y: 50, width: 80, height: 90 },
  confidence: 0.987,
  landmarks: { leftPupil: [{ x: 120, y: 80 }], rightPupil: [{ x: 160, y: 81 }] },
});

describe('the overlay', () => {
  it('has the size of the photo, a numbered box for each face and a dot for each point', () => {
    const svg = faceOverlay([FACE, FACE], 640, 480);
    expect(svg).toMatch(/^<svg [^>]*width="640" height="480"/);
    expect(svg.match(/x="100" y="50" width="80" height="90"/g)).toHaveLength(2);
    expect(svg).toContain('>1  0.99<');
    expect(svg).toContain('>2  0.99<');
    expect(svg.match(/<circle /g)).toHaveLength(4);
  });

  it('draws the box alone of a face without landmarks', () => {
    expect(faceOverlay([Face.fromPartial({ box: FACE.box ?? {} })], 640, 480)).not.toContain('<circle');
  });
});
