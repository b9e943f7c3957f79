import { clusterTable } from './cluster-table';

const face = (photo: string) => ({ photo, box: undefined, confidence: 0.9 });

test('a row for each person, each photo once', () => {
  const table = clusterTable({
    clusters: [
      { faces: [face('a.jpg'), face('b.jpg'), face('b.jpg')], meanScore: 71.26, minimumScore: 60 },
      { faces: [face('c.jpg')], meanScore: undefined, minimumScore: undefined },
    ],
    refused: [],
    modelVersion: 'm/1',
  });
  const cells = table
    .split('\n')
    .filter((line) => line.includes('.jpg'))
    .map((line) => line.split('│').map((cell) => cell.trim()));
  expect(cells).toEqual([
    ['', '1', '3', '71.3', '60.0', 'a.jpg', ''],
    ['', '', '', '', '', 'b.jpg', ''],
    ['', '2', '1', '', '', 'c.jpg', ''],
  ]);
});
