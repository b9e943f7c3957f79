import { Face } from '@mien/proto';
import { detectedFaces, faceOverlay } from './face-overlay';

const FACE = Face.fromPartial({
  box: { x: 100, y: 50, width: 80, height: 90 },
  confidence: 0.987,
  landmarks: { leftPupil: [{ x: 120, y: 80 }], rightPupil: [{ x: 160, y: 81 }] },
});

describe('the overlay', () => {
  it('has the size of the photo, a numbered box for each face and a dot for each point', () => {
    const svg = faceOverlay(detectedFaces([FACE, FACE]), 640, 480);
    expect(svg).toMatch(/^<svg [^>]*width="640" height="480"/);
    expect(svg.match(/x="100" y="50" width="80" height="90"/g)).toHaveLength(2);
    expect(svg).toContain('>1  0.99<');
    expect(svg).toContain('>2  0.99<');
    expect(svg.match(/<circle /g)).toHaveLength(4);
  });

  it('draws the box alone of a face without landmarks', () => {
    expect(faceOverlay(detectedFaces([Face.fromPartial({ box: FACE.box ?? {} })]), 640, 480)).not.toContain(
      '<circle',
    );
  });

  it('says who a face is, whatever signs the id is made of, and keeps the label inside the photo', () => {
    const box = { x: 600, y: 50, width: 40, height: 40 };
    const svg = faceOverlay([{ box, label: 'a&b#1  87.0' }], 640, 480);
    expect(svg).toContain('>a&amp;b#1  87.0<');
    const left = Number(/<text x="([\d.]+)"/.exec(svg)?.[1]);
    expect(left + 11 * 14 * 0.58).toBeLessThanOrEqual(640 + 14 * 0.2);
  });

  it('draws who is not known in another colour', () => {
    const strokes = [false, true].map((unknown) => {
      const svg = faceOverlay([{ box: FACE.box, label: 'x', unknown }], 640, 480);
      return /stroke="([^"]+)"/.exec(svg)?.[1];
    });
    expect(strokes[0]).not.toBe(strokes[1]);
  });
});
