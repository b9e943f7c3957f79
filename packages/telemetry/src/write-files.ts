import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardFiles } from './dashboards';
import { telemetryPage } from './document';

const ROOT = join(__dirname, '..', '..', '..');
const DASHBOARDS = join(ROOT, 'deploy', 'grafana', 'dashboards');

writeFileSync(join(ROOT, 'docs', 'telemetry.md'), telemetryPage());
mkdirSync(DASHBOARDS, { recursive: true });
for (const [file, text] of Object.entries(dashboardFiles())) {
  writeFileSync(join(DASHBOARDS, file), text);
}
