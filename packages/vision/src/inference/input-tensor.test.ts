import { rgbImage } from '../image/rgb-image';
import { type ImageInput, inputTensor } from './input-tensor';

const PLAIN: ImageInput = {
  layout: 'NCHW',
  width: 2,
  height: 1,
  colour: 'RGB',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const FIRST = rgbImage(Uint8Array.of(1, 2, 3, 4, 5, 6), 2, 1);
const SECOND = rgbImage(Uint8Array.of(11, 12, 13, 14, 15, 16), 2, 1);

test('planes follow one another, picture after picture', () => {
  const { data, dims } = inputTensor([FIRST, SECOND], PLAIN);
  expect(dims).toEqual([2, 3, 1, 2]);
  expect([...data]).toEqual([1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16]);
});

test('interleaved layout keeps the pixels together', () => {
  const { data, dims } = inputTensor([FIRST], { ...PLAIN, layout: 'NHWC' });
  expect(dims).toEqual([1, 1, 2, 3]);
  expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
});

test('BGR swaps the channels, and mean and std follow the order of the tensor', () => {
  const { data } = inputTensor([FIRST], { ...PLAIN, colour: 'BGR', mean: [3, 2, 1], std: [1, 2, 4] });
  expect([...data]).toEqual([0, 3, 0, 1.5, 0, 0.75]);
});

test('grey is BT.601 luma', () => {
  const white = rgbImage(Uint8Array.of(255, 255, 255, 100, 0, 0), 2, 1);
  const { data, dims } = inputTensor([white], { ...PLAIN, colour: 'GREY', mean: [0], std: [1] });
  expect(dims).toEqual([1, 1, 1, 2]);
  expect(data[0]).toBeCloseTo(255, 3);
  expect(data[1]).toBeCloseTo(29.9, 3);
});

test('a picture of another size is refused', () => {
  expect(() => inputTensor([rgbImage(new Uint8Array(3), 1, 1)], PLAIN)).toThrow(
    /1x1 picture for a 2x1 input/,
  );
});

test('mean and std must fit the channels', () => {
  expect(() => inputTensor([FIRST], { ...PLAIN, mean: [0] })).toThrow(/3 entries/);
  expect(() => inputTensor([FIRST], { ...PLAIN, std: [1, 0, 1] })).toThrow(/none of zero/);
});
