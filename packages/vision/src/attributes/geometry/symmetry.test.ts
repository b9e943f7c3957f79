import { MESH_POINTS } from '../../landmarks/mesh';
import { asymmetry } from './symmetry';

/** A face whose right half is the mirror image of its left, a coarse one: eyes, mouth, contour at random places. */
function mirroredMesh(): Float32Array {
  const mesh = new Float32Array(MESH_POINTS * 3);
  const pairs = [
    [33, 263],
    [133, 362],
    [159, 386],
    [145, 374],
    [70, 300],
    [105, 334],
    [107, 336],
    [61, 291],
    [40, 270],
    [91, 321],
    [234, 454],
    [132, 361],
    [172, 397],
    [150, 379],
    [129, 358],
    [98, 327],
    [50, 280],
    [205, 425],
  ] as const;
  pairs.forEach(([left, right], index) => {
    const place = [20 + ((index * 7) % 30), -40 + index * 5, (index * 11) % 23] as const;
    mesh.set([-place[0], place[1], place[2]], left * 3);
    mesh.set([place[0], place[1], place[2]], right * 3);
  });
  return mesh;
}

function turned(mesh: Float32Array, yaw: number, roll: number): Float32Array {
  const copy = mesh.slice();
  for (let at = 0; at < mesh.length; at += 3) {
    const [x = 0, y = 0, z = 0] = mesh.subarray(at, at + 3);
    const [u, w] = [Math.cos(yaw) * x + Math.sin(yaw) * z, Math.cos(yaw) * z - Math.sin(yaw) * x];
    copy.set([Math.cos(roll) * u - Math.sin(roll) * y, Math.sin(roll) * u + Math.cos(roll) * y, w], at);
  }
  return copy;
}

it('finds nothing crooked in a mirror image, however it is turned', () => {
  expect(asymmetry(mirroredMesh())).toBeCloseTo(0, 5);
  expect(asymmetry(turned(mirroredMesh(), 0.6, -0.4))).toBeCloseTo(0, 5);
});

it('rises as one mouth corner drops', () => {
  const by = [0, 2, 5, 10].map((drop) => {
    const mesh = mirroredMesh();
    mesh[61 * 3 + 1] = (mesh[61 * 3 + 1] ?? 0) + drop;
    return asymmetry(mesh);
  });
  expect([...by].sort((a, b) => a - b)).toEqual(by);
  expect(new Set(by).size).toBe(by.length);
});
