import { z } from 'zod';

/** `true`, `1`, `false` or `0`; the coercion that zod offers takes "false" for true. */
export const booleanVariable = z
  .enum(['true', '1', 'false', '0'])
  .transform((text) => text === 'true' || text === '1');
