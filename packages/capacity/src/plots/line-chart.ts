export interface ChartLine {
  readonly name: string;
  /** Places on the axis of time and values; what is undefined leaves a gap. */
  readonly points: readonly (readonly [number, number | undefined])[];
}

export interface Panel {
  readonly title: string;
  readonly lines: readonly ChartLine[];
}

export interface Chart {
  readonly title: string;
  /** Below the axis of time. */
  readonly timeTitle: string;
  readonly panels: readonly Panel[];
}

const WIDTH = 900;
const LEFT = 60;
const RIGHT = 130;
const PLOT = 130;
const PANEL = PLOT + 50;
const TOP = 44;
/** Told apart by colour-blind eyes, too: M. Okabe and K. Ito, Color universal design, 2008. */
const COLORS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

/** Panels below one another, on one axis of time, as an SVG document. */
export function lineChart({ title, timeTitle, panels }: Chart): string {
  const height = TOP + panels.length * PANEL + 24;
  const times = panels.flatMap(({ lines }) => lines.flatMap(({ points }) => points.map(([at]) => at)));
  const range: Range = [Math.min(...times), Math.max(...times)];
  const drawn = panels.map(
    (panel, index) => `<g transform="translate(0,${TOP + index * PANEL})">${panelSvg(panel, range)}</g>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`,
    ' font-family="DejaVu Sans, Helvetica, Arial, sans-serif" font-size="11">',
    `<title>${title}</title>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    text(16, 26, title, 'font-size="16" font-weight="bold"'),
    ...drawn,
    text((LEFT + WIDTH - RIGHT) / 2, height - 10, timeTitle, 'text-anchor="middle" fill="#444"'),
    '</svg>\n',
  ].join('\n');
}

type Range = readonly [number, number];

function panelSvg({ title, lines }: Panel, [from, to]: Range): string {
  const values = lines.flatMap(({ points }) => points.map(([, value]) => value ?? 0));
  const valueTicks = ticks([0, Math.max(...values)], 4);
  const top = Math.max(...values, valueTicks.at(-1) ?? 1);
  const x = (at: number) => LEFT + ((at - from) / (to - from)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => 20 + PLOT * (1 - value / top);
  const grid = valueTicks.map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>` +
      text(LEFT - 6, y(value) + 4, label(value), 'text-anchor="end" fill="#444"'),
  );
  const timeLabels = ticks([from, to], 8).map((at) =>
    text(x(at), PLOT + 36, label(at), 'text-anchor="middle" fill="#444"'),
  );
  const drawn = lines.map((line, index) => {
    const color = COLORS[index % COLORS.length] ?? '#000';
    return (
      `<path fill="none" stroke="${color}" stroke-width="1.5" stroke-linejoin="round" d="${path(line, x, y)}"/>` +
      `<rect x="${WIDTH - RIGHT + 12}" y="${24 + index * 16}" width="12" height="3" fill="${color}"/>` +
      text(WIDTH - RIGHT + 30, 30 + index * 16, line.name, 'fill="#222"')
    );
  });
  return [text(LEFT, 12, title, 'font-weight="bold"'), ...grid, ...timeLabels, ...drawn].join('\n');
}

function path({ points }: ChartLine, x: (at: number) => number, y: (value: number) => number): string {
  let drawing = false;
  return points
    .map(([at, value]) => {
      const move = drawing ? 'L' : 'M';
      drawing = value !== undefined;
      return value === undefined ? '' : `${move}${x(at).toFixed(1)},${y(value).toFixed(1)}`;
    })
    .join('');
}

/** Round numbers within the range, about so many: steps of 1, 2 or 5 times a power of ten, or parts of a day. */
function ticks([from, to]: Range, count: number): number[] {
  const rough = Math.max(to - from, 1e-9) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  const found: number[] = [];
  for (let value = Math.ceil(from / step) * step; value <= to + step * 1e-6; value += step) {
    found.push(value);
  }
  return found;
}

function label(value: number): string {
  return String(Number(value.toPrecision(6)));
}

function text(x: number, y: number, content: string, style: string): string {
  const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${style}>${safe}</text>`;
}
