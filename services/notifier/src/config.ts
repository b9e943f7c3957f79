import { networksVariable } from '@mien/outbound';
import { z } from 'zod';

const count = z.coerce.number().int().min(1);

/** The settings that only the notifier has, beside those of every service. */
export const notifierConfigSchema = z
  .object({
    /** Networks of receivers of one's own, such as 10.1.0.0/16,fd00:1::/64: callbacks may go there, too. */
    MIEN_CALLBACK_ALLOWED_NETWORKS: networksVariable,
    /** For one attempt to deliver a callback. */
    MIEN_CALLBACK_TIMEOUT_MS: count.max(60_000).default(15_000),
    /** Callbacks that one notifier delivers to one endpoint at once. */
    MIEN_CALLBACK_CONCURRENCY: count.max(64).default(4),
  })
  .transform((env) => ({
    allowedNetworks: env.MIEN_CALLBACK_ALLOWED_NETWORKS,
    timeoutMs: env.MIEN_CALLBACK_TIMEOUT_MS,
    concurrency: env.MIEN_CALLBACK_CONCURRENCY,
  }));

export type NotifierConfig = z.infer<typeof notifierConfigSchema>;
