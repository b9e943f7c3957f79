// The repository's root lists the command line, so that it is in node_modules/.bin: turbo prune would take that for a
// part of every service, and with it the whole repository. Taken out here, of the manifest and of the lockfile alike.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
delete manifest.devDependencies.mien;
writeFileSync('package.json', JSON.stringify(manifest, null, 2));

const ENTRY = /^ {6}mien:\n {8}specifier: workspace:\*\n {8}version: link:packages\/cli\n/m;
const lockfile = readFileSync('pnpm-lock.yaml', 'utf8');
if (!ENTRY.test(lockfile)) {
  throw new Error('pnpm-lock.yaml has no entry of the root for the command line');
}
writeFileSync('pnpm-lock.yaml', lockfile.replace(ENTRY, ''));

// Lies inside a package that services do need, and would come along without its entry of the lockfile.
rmSync('models/calibration', { recursive: true });
