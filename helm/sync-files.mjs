// The chart packages the dashboards and alert rules of deploy/: node helm/sync-files.mjs copies them.
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const COPIES = [
  { from: join(here, '..', 'deploy', 'grafana', 'dashboards'), to: 'dashboards', extension: '.json' },
  { from: join(here, '..', 'deploy', 'prometheus', 'rules'), to: 'rules', extension: '.yaml' },
];

for (const { from, to, extension } of COPIES) {
  const target = join(here, 'mien', 'files', to);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  for (const file of existsSync(from) ? readdirSync(from) : []) {
    if (file.endsWith(extension)) {
      copyFileSync(join(from, file), join(target, file));
    }
  }
}
