import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultManifestPath, readManifest } from '../pack';
import { PreparationError } from './errors';
import { type Progress, preparePack, withFreshHashes } from './prepare';

/** The committed manifest of the default pack. */
const MANIFEST = resolve(__dirname, '../../packs/default/manifest.json');

const USAGE = 'usage: main.js [--out DIRECTORY] [--update-manifest]';

async function main(): Promise<void> {
  const { out, 'update-manifest': update } = readOptions();
  if (update) {
    const fresh = withFreshHashes(readManifest(MANIFEST));
    writeFileSync(MANIFEST, `${JSON.stringify(fresh, null, 2)}\n`);
  }
  const directory = resolve(out ?? dirname(defaultManifestPath()));
  process.stdout.write(`Preparing the default model pack in ${directory}\n`);
  await preparePack(readManifest(MANIFEST), readFileSync(MANIFEST, 'utf8'), directory, show);
}

function readOptions() {
  try {
    return parseArgs({ options: { out: { type: 'string' }, 'update-manifest': { type: 'boolean' } } }).values;
  } catch (error) {
    throw new PreparationError('usage', `${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

function show({ model, index, total, outcome }: Progress): void {
  const done = outcome === 'made' ? 'made and verified' : 'already there';
  process.stdout.write(`  [${index}/${total}] ${model.task.padEnd(10)} ${model.file}: ${done}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`Could not prepare the models: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
