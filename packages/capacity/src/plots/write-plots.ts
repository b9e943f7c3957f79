/**
 * Runs the scenarios and writes what they were like:
 *
 *   node packages/capacity/dist/plots/write-plots.js docs/operations/capacity
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownMeasurements } from '../measurements/measurements';
import { CHART_SCALING, scenarios } from '../simulation/scenarios';
import { quantile, type Scenario, type Simulated, simulate } from '../simulation/simulation';
import { simulationChart } from './simulation-chart';

const MINUTES = { timeTitle: 'minutes', unitSeconds: 60 } as const;
const SHOWN = {
  day: { file: 'day', title: 'A day: 2 to 20 photos a second', timeTitle: 'hours', unitSeconds: 3_600 },
  burst: { file: 'burst', title: 'A burst: five times the photos for ten minutes', ...MINUTES },
  nodeLoss: { file: 'node-loss', title: 'A node of four is lost after fifteen minutes', ...MINUTES },
} as const;
const BY_LAG = { ...CHART_SCALING, byProcessor: false };
/** By file name: the chart's scaling, and others. Those without plots are told in figures only. */
const SCALINGS = [
  { title: 'by lag alone', file: 'lag', scaling: BY_LAG },
  {
    title: 'by processor time, too',
    file: 'lag-and-processor',
    scaling: CHART_SCALING,
  },
  { title: 'wanted wait a quarter', file: undefined, scaling: { ...BY_LAG, wantedWaitSeconds: 0.25 } },
  {
    title: 'both',
    file: undefined,
    scaling: { ...CHART_SCALING, wantedWaitSeconds: 0.25 },
  },
] as const;

async function main(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { title, file, scaling } of SCALINGS) {
    const all = scenarios(ownMeasurements(), scaling);
    for (const name of ['day', 'burst', 'nodeLoss'] as const) {
      const simulated = simulate(all[name]);
      const shown = { ...SHOWN[name], title: `${SHOWN[name].title}; scaled ${title}` };
      if (file !== undefined) {
        await writeFile(join(folder, `${SHOWN[name].file}-${file}.svg`), simulationChart(simulated, shown));
      }
      console.log(`${shown.title}: ${summary(all[name], simulated)}`);
    }
  }
}

function summary({ seconds, services }: Scenario, { times, photos, samples, podSeconds }: Simulated): string {
  const sorted = Float64Array.from(times).sort();
  const p = (share: number) => `p${share * 100} ${quantile(sorted, share)?.toFixed(2)} s`;
  const pods = [...podSeconds].map(([name, sum]) => {
    const most = Math.max(
      ...samples.map((sample) => sample.services.find((one) => one.name === name)?.readyPods ?? 0),
    );
    return `${name} ${(sum / seconds).toFixed(1)} (${most})`;
  });
  const longest = sorted.at(-1)?.toFixed(1);
  return (
    `${photos} photos, ${photos - times.length} under way at the end; ${p(0.5)}, ${p(0.95)}, ${p(0.99)}, longest ${longest} s; ` +
    `pods on average (most): ${pods.join(', ')} of ${services.length} services`
  );
}

void main(process.argv[2] ?? '.');
