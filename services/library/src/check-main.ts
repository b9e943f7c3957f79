/**
 * Compares the three stores of a library that is not running (a running one is asked over gRPC), and tells what it
 * found as a line of JSON. Options: --repair, --rewrite-index. Leaves with 1 when there is damage that stays.
 */
import { asMienError } from '@mien/errors';
import { baseConfigSchema, createLogger, openObjectStore, parseConfig } from '@mien/service';
import { checkLibrary, type LibraryReport } from './check/check-library';
import { libraryConfigSchema } from './config';
import { openConfiguredLibrary } from './open-configured-library';

async function check(args: readonly string[]): Promise<LibraryReport> {
  const schemas = { base: baseConfigSchema, library: libraryConfigSchema };
  const { base, library: config } = parseConfig(schemas, process.env);
  const destination = { write: (line: string) => void process.stderr.write(line) };
  const logger = createLogger({ service: 'mien-library-check', level: base.logLevel, destination });
  const objects = await openObjectStore(base, logger, false);
  const library = await openConfiguredLibrary(config, base, objects, logger);
  try {
    const how = { repair: args.includes('--repair'), rewrite: args.includes('--rewrite-index') };
    return await checkLibrary(library, how);
  } finally {
    await library.close();
  }
}

function isSound(report: LibraryReport): boolean {
  const repairable = [report.facesWithoutVector, report.vectorsWithoutFace, report.blobsWithoutFace];
  const staying = report.repaired ? [report.lostBlobs] : [...repairable, report.lostBlobs];
  return staying.every(({ count }) => count === 0);
}

check(process.argv.slice(2)).then(
  (report) => {
    console.log(JSON.stringify(report));
    process.exitCode = isSound(report) ? 0 : 1;
  },
  (thrown: unknown) => {
    const { reason, message } = asMienError(thrown);
    console.error(`${reason}: ${message}`);
    process.exitCode = 2;
  },
);
