import sharp from 'sharp';
import type { Series } from '../../signals/prometheus-server';
import { readable } from './readable';

export interface PlottedPanel {
  readonly title: string;
  readonly unit: string;
  /** Of Grafana's. */
  readonly type: string;
  readonly queries: readonly { readonly legend: string; readonly series: readonly Series[] }[];
}

const ACROSS = 3;
const WIDTH = 560;
const PLOT_HEIGHT = 170;
const LEGEND_LINES = 6;
const HEIGHT = 50 + PLOT_HEIGHT + LEGEND_LINES * 15;
const LEFT = 62;
const COLORS = ['#3274d9', '#e0752d', '#299c46', '#a352cc', '#c4162a', '#f2cc0c', '#0a9396', '#7c7c7c'];

interface Line {
  readonly name: string;
  readonly color: string;
  readonly points: readonly (readonly [number, number])[];
}

/** Draws a dashboard's queries as Grafana would lay them out, into a PNG. */
export async function plotDashboard(
  title: string,
  panels: readonly PlottedPanel[],
  file: string,
): Promise<void> {
  const height = 50 + Math.ceil(panels.length / ACROSS) * HEIGHT;
  const drawn = panels.map((panel, at) => {
    const x = (at % ACROSS) * WIDTH;
    const y = 50 + Math.floor(at / ACROSS) * HEIGHT;
    return `<g transform="translate(${x},${y})">${panelSvg(panel)}</g>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH * ACROSS}" height="${height}"
    font-family="DejaVu Sans, sans-serif" font-size="11">
    <rect width="100%" height="100%" fill="#ffffff"/>
    ${text(16, 32, title, 'font-size="20" font-weight="bold"')}${drawn.join('')}</svg>`;
  await sharp(Buffer.from(svg)).png().toFile(file);
}

function panelSvg(panel: PlottedPanel): string {
  const body = panel.type === 'heatmap' ? heatmapSvg(panel) : linesSvg(panel);
  return `${text(16, 20, panel.title, 'font-size="13" font-weight="bold"')}${body}`;
}

function linesSvg({ queries, unit }: PlottedPanel): string {
  const lines = linesOf(queries);
  const all = lines.flatMap(({ points }) => points);
  const [from, to] = [Math.min(...all.map(([at]) => at)), Math.max(...all.map(([at]) => at))];
  const top = Math.max(...all.map(([, value]) => value), 0) * 1.05 || 1;
  const x = (at: number) => LEFT + ((at - from) / Math.max(1, to - from)) * (WIDTH - LEFT - 20);
  const y = (value: number) => 30 + PLOT_HEIGHT * (1 - value / top);
  const grid = [0, 0.5, 1].map((part) => {
    const value = top * part;
    return `<line x1="${LEFT}" x2="${WIDTH - 20}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>
      ${text(LEFT - 6, y(value) + 4, readable(value, unit), 'text-anchor="end" fill="#555"')}`;
  });
  const drawn = lines.map(
    ({ points, color }) =>
      `<polyline fill="none" stroke="${color}" stroke-width="1.5" points="${points
        .map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`)
        .join(' ')}"/>`,
  );
  return grid.join('') + drawn.join('') + legendSvg(lines, unit);
}

function legendSvg(lines: readonly Line[], unit: string): string {
  const shown = lines.length > LEGEND_LINES ? lines.slice(0, LEGEND_LINES - 1) : lines;
  const rows = shown.map(({ name, color, points }, at) => {
    const y = 50 + PLOT_HEIGHT + at * 15;
    const last = points.at(-1)?.[1] ?? 0;
    return `<rect x="${LEFT}" y="${y - 8}" width="10" height="4" fill="${color}"/>
      ${text(LEFT + 16, y, `${name}: ${readable(last, unit)}`, 'fill="#333"')}`;
  });
  const more = lines.length - shown.length;
  const rest = text(LEFT + 16, 50 + PLOT_HEIGHT + shown.length * 15, `and ${more} more`, 'fill="#777"');
  return rows.join('') + (more > 0 ? rest : '');
}

/** Buckets from below to above, time from left to right: the more, the darker. */
function heatmapSvg({ queries }: PlottedPanel): string {
  const buckets = queries
    .flatMap(({ series }) => series)
    .map(({ metric, values }) => ({ bound: Number(metric['le']?.replace('+Inf', 'Infinity')), values }))
    .sort((a, b) => a.bound - b.bound);
  const counts = buckets.map(({ values }, at) => {
    const below = new Map(buckets[at - 1]?.values.map(([time, value]) => [time, Number(value)]));
    return values.map(
      ([time, value]) => [time, Math.max(0, Number(value) - (below.get(time) ?? 0))] as const,
    );
  });
  const times = counts.flatMap((row) => row.map(([time]) => time));
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const most = Math.max(...counts.flat().map(([, count]) => count), Number.MIN_VALUE);
  const rowHeight = PLOT_HEIGHT / Math.max(1, buckets.length);
  const step = (WIDTH - LEFT - 20) / Math.max(1, to - from + 1);
  const cells = counts.flatMap((row, at) =>
    row.map(([time, count]) => {
      const y = 30 + PLOT_HEIGHT - (at + 1) * rowHeight;
      return `<rect x="${(LEFT + (time - from) * step).toFixed(1)}" y="${y.toFixed(1)}" width="${(step + 0.5).toFixed(1)}"
        height="${rowHeight.toFixed(1)}" fill="#1f60c4" fill-opacity="${(count / most).toFixed(3)}"/>`;
    }),
  );
  const labels = buckets.map(({ bound }, at) =>
    text(
      LEFT - 6,
      30 + PLOT_HEIGHT - (at + 0.2) * rowHeight,
      `≤ ${bound === Number.POSITIVE_INFINITY ? '∞' : bound}`,
      'text-anchor="end" fill="#555"',
    ),
  );
  return `${cells.join('')}${labels.join('')}<rect x="${LEFT}" y="30" width="${WIDTH - LEFT - 20}" height="${PLOT_HEIGHT}" fill="none" stroke="#ddd"/>`;
}

function linesOf(queries: PlottedPanel['queries']): Line[] {
  return queries
    .flatMap(({ legend, series }) =>
      series.map(({ metric, values }) => ({
        name: legend.replace(/\{\{(\w+)\}\}/g, (_, label: string) => metric[label] ?? ''),
        points: values
          .map(([at, value]) => [at, Number(value)] as const)
          .filter(([, value]) => Number.isFinite(value)),
      })),
    )
    .filter(({ points }) => points.length > 0)
    .map((line, at) => ({ ...line, color: COLORS[at % COLORS.length] ?? '#000' }));
}

function text(x: number, y: number, content: string, style: string): string {
  const safe = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" ${style}>${safe}</text>`;
}
