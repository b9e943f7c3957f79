import { powerSpectra } from './fourier';

const SIZE = 16;

function picture(value: (x: number, y: number) => number): Float64Array {
  return Float64Array.from({ length: SIZE * SIZE }, (_, i) => value(i % SIZE, Math.floor(i / SIZE)));
}

test('a wave stands in its own bin and in the mirrored one, nowhere else', () => {
  const wave = picture((x, y) => Math.cos((2 * Math.PI * (3 * x + 2 * y)) / SIZE));
  const other = picture((x) => Math.cos((2 * Math.PI * 5 * x) / SIZE));
  const { first, second } = powerSpectra(wave, other, SIZE);
  const expected = (SIZE * SIZE) ** 2 / 4;
  for (let i = 0; i < first.length; i++) {
    const [fx, fy] = [i % SIZE, Math.floor(i / SIZE)];
    const inFirst = (fx === 3 && fy === 2) || (fx === SIZE - 3 && fy === SIZE - 2);
    const inSecond = fy === 0 && (fx === 5 || fx === SIZE - 5);
    expect(first[i]).toBeCloseTo(inFirst ? expected : 0, 6);
    expect(second[i]).toBeCloseTo(inSecond ? expected : 0, 6);
  }
});

test('energy is kept (Parseval)', () => {
  const rough = picture((x, y) => Math.sin(x * x * 0.7 + y * 3.1) * 20 + x - y);
  const { first } = powerSpectra(rough, rough, SIZE);
  const energy = rough.reduce((sum, value) => sum + value * value, 0);
  expect(first.reduce((sum, value) => sum + value, 0) / (SIZE * SIZE)).toBeCloseTo(energy, 4);
});
