import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({ version: z.string() });

/** The gateway's version, as its package states it. */
export const { version } = manifest.parse(
  JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')),
);
