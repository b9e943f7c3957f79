import { MESH_POINTS } from '../landmarks/mesh';
import { mouthSmile, smileEstimate } from './smile';

/** Eyes 100 apart; a mouth of the given width whose corners lie `lift` above the middle of the lips. */
function mouth(width: number, lift: number): Float32Array {
  const mesh = new Float32Array(MESH_POINTS * 3);
  const put = (index: number, x: number, y: number) => mesh.set([x, y, 0], index * 3);
  put(33, -50, 0);
  put(263, 50, 0);
  put(10, 0, -60);
  put(152, 0, 140);
  put(0, 0, 80);
  put(17, 0, 100);
  put(61, -width / 2, 90 - lift);
  put(291, width / 2, 90 - lift);
  return mesh;
}

it('sees more of a smile the wider the mouth and the higher its corners', () => {
  const wider = [50, 60, 70].map((width) => mouthSmile(mouth(width, 0)));
  const higher = [-5, 0, 5, 10].map((lift) => mouthSmile(mouth(60, lift)));
  for (const levels of [wider, higher]) {
    expect([...levels].sort((a, b) => a - b)).toEqual(levels);
    expect((levels.at(-1) ?? 0) - (levels[0] ?? 0)).toBeGreaterThan(0.1);
  }
});

it('rises with the happy probability and is sure where both agree', () => {
  const mesh = mouth(70, 8);
  const levels = [0, 0.3, 0.7, 1].map((happy) => smileEstimate(mesh, happy));
  for (const [index, { level, probability }] of levels.entries()) {
    expect(level).toBeGreaterThan(levels[index - 1]?.level ?? -1);
    expect(level).toBeLessThanOrEqual(100);
    expect(probability).toBeGreaterThanOrEqual(0);
  }
  expect(smileEstimate(mesh, 1).probability).toBeGreaterThan(smileEstimate(mesh, 0).probability);
});
