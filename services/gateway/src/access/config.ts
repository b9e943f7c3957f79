import { z } from 'zod';

/** The settings of who may call, among the gateway's. */
export const accessSettings = {
  /** keys: each request shows a key. none: whoever reaches the gateway is its operator; on loopback only. */
  MIEN_GATEWAY_AUTH: z.enum(['keys', 'none']).default('keys'),
  /** A file with an admin key, mien_ID_SECRET: made when there is no key of its id. */
  MIEN_ADMIN_KEY_FILE: z.string().min(1).optional(),
  /** How long records of the audit trail are kept. */
  MIEN_AUDIT_RETENTION_DAYS: z.coerce.number().int().min(1).max(3_650).default(365),
};

type Settings = z.output<z.ZodObject<typeof accessSettings>>;

export function accessConfig(env: Settings) {
  return {
    auth: env.MIEN_GATEWAY_AUTH,
    adminKeyFile: env.MIEN_ADMIN_KEY_FILE,
    auditRetentionDays: env.MIEN_AUDIT_RETENTION_DAYS,
  };
}

export type AccessConfig = ReturnType<typeof accessConfig>;
