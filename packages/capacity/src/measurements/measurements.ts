import { MienError } from '@mien/errors';
import { z } from 'zod';
import measured from './two-shared-cores.json';

/** Services in the order that a photo meets them, and the notifier. */
export const SERVICES = [
  'gateway',
  'detector',
  'landmark',
  'attributes',
  'liveness',
  'embedder',
  'library',
  'notifier',
] as const;
export type Service = (typeof SERVICES)[number];

const positive = z.number().positive();
const perService = z.record(z.enum(SERVICES), z.number().nonnegative());

const schema = z.strictObject({
  /** What the figures are of: they hold for machines of its class. */
  machine: z.strictObject({ class: z.string().min(1), cores: z.int().positive() }),
  date: z.iso.date(),
  /** Runs of photos of one kind, and the processor milliseconds that each service took for a photo. */
  photos: z
    .array(
      z.strictObject({
        what: z.string().min(1),
        facesPerPhoto: z.number().nonnegative(),
        largeFacesPerPhoto: z.number().nonnegative(),
        megapixels: positive,
        cpuMs: z.partialRecord(z.enum(SERVICES), z.number().nonnegative()),
      }),
    )
    .min(4),
  /** Of the library's process for a search among few faces, the index' scan aside. */
  searchCpuMs: positive,
  /** The embedded index' scans: median time with so many faces on so many threads. */
  scans: z.array(z.strictObject({ faces: positive, threads: z.int().positive(), ms: positive })).min(2),
  /** Resident memory of each service's process at its peak. */
  peakMemoryMb: perService,
  /** Processor seconds until a service is ready. */
  startCpuSeconds: perService,
  /** Memory of the embedded index' process with so many faces. */
  indexMemory: z.strictObject({ faces: positive, mb: positive }),
  /** Of the database and its indexes. */
  databaseBytesPerFace: positive,
  /** Of an enrolled face's picture in the object store. */
  cropBytesPerFace: positive,
  /** Of a photo's file. */
  photoBytesPerMegapixel: positive,
  /** What a passage from stage to stage over the bus adds to a photo's time. */
  passageMs: positive,
});

/** Measured figures that a plan is made from. */
export type Measurements = z.infer<typeof schema>;

/** Reads measurements of one's own. Throws ARGUMENT_INVALID naming what is missing or wrong. */
export function parseMeasurements(json: string): Measurements {
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch (cause) {
    throw new MienError('ARGUMENT_INVALID', 'the measurements are no JSON', { cause });
  }
  const { success, data, error } = schema.safeParse(content);
  if (!success) {
    throw new MienError('ARGUMENT_INVALID', `the measurements are not as needed:\n${z.prettifyError(error)}`);
  }
  return data;
}

/** Those of the project's own machine. */
export function ownMeasurements(): Measurements {
  return schema.parse(measured);
}
