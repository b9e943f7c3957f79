import { headPose, NATURAL_PITCH } from './head-pose';
import { MEAN_FACE } from './mean-face';
import { MESH_POINTS } from './mesh';

const RADIANS = Math.PI / 180;

/** The mean face, 100 pixels wide, turned up by `pitch`, to the picture's right by `yaw`, then clockwise by `roll`. */
function turnedMesh(pitch: number, yaw: number, roll: number): Float32Array {
  const mesh = new Float32Array(MESH_POINTS * 3);
  const [p, y, r] = [pitch * RADIANS, yaw * RADIANS, roll * RADIANS];
  for (const [vertex, x0, y0, z0] of MEAN_FACE) {
    // Up: what is nearer (smaller z) goes up (smaller y).
    const y1 = y0 * Math.cos(p) + z0 * Math.sin(p);
    const z1 = z0 * Math.cos(p) - y0 * Math.sin(p);
    // Right: what is nearer goes to larger x.
    const x2 = x0 * Math.cos(y) - z1 * Math.sin(y);
    const z2 = z1 * Math.cos(y) + x0 * Math.sin(y);
    mesh[vertex * 3] = 300 + 100 * (x2 * Math.cos(r) - y1 * Math.sin(r));
    mesh[vertex * 3 + 1] = 200 + 100 * (x2 * Math.sin(r) + y1 * Math.cos(r));
    mesh[vertex * 3 + 2] = 100 * z2;
  }
  return mesh;
}

test.each([
  [0, 0, 0],
  [20, 0, 0],
  [-25, 0, 0],
  [0, 35, 0],
  [0, -50, 0],
  [0, 0, 30],
  [0, 0, 180],
  [0, 0, -120],
  [15, 25, -40],
  [-30, -20, 90],
])('pitch %d, yaw %d and roll %d are read back', (pitch, yaw, roll) => {
  const pose = headPose(turnedMesh(pitch, yaw, roll));
  expect(pose.pitch).toBeCloseTo(pitch - NATURAL_PITCH, 2);
  expect(pose.yaw).toBeCloseTo(yaw, 2);
  expect(Math.cos((pose.roll - roll) * RADIANS)).toBeCloseTo(1, 6);
});

test('noise on the points and the size of the face change little', () => {
  const mesh = turnedMesh(10, -20, 5).map((value, at) => value * 0.3 + Math.sin(at * 12.9898) * 0.5);
  const pose = headPose(mesh);
  expect(Math.abs(pose.pitch + NATURAL_PITCH - 10)).toBeLessThan(2);
  expect(Math.abs(pose.yaw + 20)).toBeLessThan(2);
  expect(Math.abs(pose.roll - 5)).toBeLessThan(2);
});
