import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { telemetryPage } from './document';

writeFileSync(join(__dirname, '..', '..', '..', 'docs', 'telemetry.md'), telemetryPage());
