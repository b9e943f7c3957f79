// Entry of the audit alone: node scripts/audit.mjs [--registry URL]
import { auditDependencies } from './bootstrap/audit.mjs';
import { providePnpm } from './bootstrap/pnpm.mjs';

const at = process.argv.indexOf('--registry');
process.exitCode = await auditDependencies(await providePnpm(), at === -1 ? undefined : process.argv[at + 1]);
