import { readFile } from 'node:fs/promises';
import type { OptionalStage } from '@mien/capacity';
import { type Command, InvalidArgumentError } from 'commander';
import { commaSeparated, notNegative, positiveNumber, wholeNumber } from '../input/arguments';
import { capacityReport } from '../output/capacity-report';

interface CapacityOptions {
  readonly photosPerSecond: number;
  readonly faces: number;
  readonly largeFaces?: number;
  readonly megapixels: number;
  readonly library: number;
  readonly searches: number;
  readonly stages: readonly OptionalStage[];
  readonly p95Ms: number;
  readonly utilisation: number;
  readonly podCores?: number;
  readonly backlogSeconds: number;
  readonly coreHourPrice?: number;
  readonly memoryGbHourPrice?: number;
  readonly storageGbMonthPrice?: number;
  readonly measurements?: string;
  readonly json?: true;
}

const STAGES: readonly OptionalStage[] = ['landmark', 'attributes', 'liveness', 'embedder'];

/** `mien capacity`: asks nobody, computes. */
export function addCapacity(program: Command): void {
  program
    .command('capacity')
    .description('how many pods, how much memory and storage a load takes, and what that costs')
    .requiredOption('--photos-per-second <n>', 'in the busiest hour', positiveNumber)
    .option('--faces <n>', 'faces in a photo, on average', positiveNumber, 1)
    .option('--large-faces <n>', 'of them, 64 pixels and larger; all unless given', notNegative)
    .option('--megapixels <n>', 'of a photo', positiveNumber, 1)
    .option('--library <faces>', 'faces that are enrolled', wholeNumber, 0)
    .option('--searches <n>', 'searches of the library for each photo', positiveNumber, 1)
    .option('--stages <a,b>', `beside the detector, of ${STAGES.join(', ')}`, stages, [
      'landmark',
      'embedder',
    ])
    .option('--p95-ms <ms>', 'within which 95 of 100 photos are answered', positiveNumber, 1_000)
    .option(
      '--utilisation <share>',
      'of what pods can do, used at most; above 0, below 1',
      positiveNumber,
      0.7,
    )
    .option(
      '--pod-cores <n>',
      "cores that each pod is sure of; the chart's requests unless given",
      positiveNumber,
    )
    .option('--backlog-seconds <n>', 'of photos that may wait and need room', wholeNumber, 60)
    .option('--core-hour-price <n>', 'of one core, an hour', positiveNumber)
    .option('--memory-gb-hour-price <n>', 'of a gigabyte of memory, an hour', positiveNumber)
    .option('--storage-gb-month-price <n>', 'of a gigabyte on disk, a month', positiveNumber)
    .option('--measurements <file>', "JSON with figures of one's own machines; the project's unless given")
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\ndocs/operations/capacity.md says what is computed, how, and what of it was measured.',
    )
    .action(capacity);
}

async function capacity(options: CapacityOptions): Promise<void> {
  const { ownMeasurements, parseMeasurements, plan } = await import('@mien/capacity');
  const { measurements: file, coreHourPrice, memoryGbHourPrice, storageGbMonthPrice, podCores } = options;
  const measurements =
    file === undefined ? ownMeasurements() : parseMeasurements(await readFile(file, 'utf8'));
  const planned = plan(
    {
      photosPerSecond: options.photosPerSecond,
      facesPerPhoto: options.faces,
      largeFacesPerPhoto: options.largeFaces ?? options.faces,
      megapixels: options.megapixels,
      libraryFaces: options.library,
      searchesPerPhoto: options.library === 0 ? 0 : options.searches,
      stages: options.stages,
      p95Ms: options.p95Ms,
      utilisation: options.utilisation,
      backlogSeconds: options.backlogSeconds,
      ...(podCores === undefined ? {} : { coresPerPod: podCores }),
    },
    measurements,
    {
      ...(coreHourPrice === undefined ? {} : { coreHour: coreHourPrice }),
      ...(memoryGbHourPrice === undefined ? {} : { memoryGbHour: memoryGbHourPrice }),
      ...(storageGbMonthPrice === undefined ? {} : { storageGbMonth: storageGbMonthPrice }),
    },
  );
  console.log(
    options.json
      ? JSON.stringify({ machine: measurements.machine, ...planned })
      : capacityReport(planned, measurements),
  );
}

function stages(text: string): readonly OptionalStage[] {
  const names = commaSeparated(text);
  const known = STAGES.filter((stage) => names.includes(stage));
  if (known.length !== new Set(names).size) {
    throw new InvalidArgumentError(`stages are ${STAGES.join(', ')}.`);
  }
  return known;
}
