import type { Attributes, Expression, Face } from '@mien/proto';
import { textTable } from './table';
import { word } from './word';

interface Column {
  readonly title: string;
  /** Undefined when the answer does not have it: a column that no face has is left out. */
  cell(face: Face): string | undefined;
}

/** Probability from which a value is shown without a question mark. */
const SURE = 0.6;

const COLUMNS: readonly Column[] = [
  {
    title: 'box (x y w h)',
    cell: ({ box }) => box && [box.x, box.y, box.width, box.height].map(Math.round).join(' '),
  },
  { title: 'sure', cell: ({ confidence }) => confidence.toFixed(3) },
  {
    title: 'pitch yaw roll',
    cell: ({ pose }) => pose && [pose.pitch, pose.yaw, pose.roll].map(Math.round).join(' '),
  },
  { title: 'quality', cell: ({ quality }) => quality?.score.toFixed(0) },
  { title: 'sharp', cell: ({ quality }) => quality?.sharpness.toFixed(0) },
  { title: 'bright', cell: ({ quality }) => quality?.brightness.toFixed(0) },
  { title: 'gender', cell: ({ attributes }) => attributes && estimate(attributes.gender) },
  { title: 'age', cell: ({ attributes }) => attributes?.age?.years.toFixed(0) },
  { title: 'expression', cell: ({ attributes }) => attributes && expression(attributes.expression) },
  { title: 'wears', cell: ({ attributes }) => attributes && worn(attributes) },
  { title: 'hair', cell: ({ attributes }) => attributes && hair(attributes) },
  {
    title: 'live',
    cell: ({ liveness }) =>
      liveness && (liveness.refusalReason || `${liveness.live ? 'yes' : 'no'} ${liveness.score.toFixed(0)}`),
  },
  { title: 'template', cell: ({ template }) => template && `${template.vector.length}-d` },
];

/** The faces as a table for a terminal, one a row, with the columns that the answer has. */
export function faceTable(faces: readonly Face[]): string {
  const columns = COLUMNS.filter((column) => faces.some((face) => column.cell(face) !== undefined));
  return textTable(
    ['#', ...columns.map(({ title }) => title)],
    faces.map((face, index) => [String(index + 1), ...columns.map((column) => column.cell(face) ?? '')]),
  );
}

function percent(probability: number): string {
  return `${Math.round(probability * 100)}%`;
}

function estimate(gender: Attributes['gender']): string {
  return gender === undefined ? '' : `${word(gender.value, 'GENDER_')} ${percent(gender.probability)}`;
}

function expression(value: Expression | undefined): string {
  const [first] = value?.emotions ?? [];
  return first === undefined ? '' : `${word(first.emotion, 'EMOTION_')} ${percent(first.probability)}`;
}

function worn({ glasses, mask, hat, moustache }: Attributes): string {
  const things = [
    glasses && glasses.value !== 'GLASSES_NONE'
      ? `${word(glasses.value, 'GLASSES_')} glasses ${percent(glasses.probability)}`
      : '',
    mask && mask.value !== 'MASK_NONE'
      ? `mask (${word(mask.value, 'MASK_')}) ${percent(mask.probability)}`
      : '',
    hat?.worn ? `hat ${percent(hat.probability)}` : '',
    moustache?.present ? `moustache ${percent(moustache.probability)}` : '',
  ];
  return things.filter((thing) => thing !== '').join(', ') || '-';
}

function hair({ hair: value }: Attributes): string {
  if (value === undefined) {
    return '';
  }
  const length = `${word(value.length, 'HAIR_LENGTH_')}${doubt(value.lengthProbability)}`;
  const color = `${word(value.color, 'HAIR_COLOR_')}${doubt(value.colorProbability)}`;
  return `${length} ${color}${value.fringe ? `, fringe${doubt(value.fringeProbability)}` : ''}`;
}

/** Marks what the analysis itself is not sure of. */
function doubt(probability: number): string {
  return probability < SURE ? '?' : '';
}
