import { MienClient, Role } from '@mien/sdk';

/** Everybody who may come to the front door, by name, with what they show. */
export type Callers = Readonly<Record<CallerName, string | undefined>>;

export const CALLER_NAMES = ['none', 'wrong', 'expired', 'revoked', 'read', 'enrol', 'admin'] as const;
export type CallerName = (typeof CALLER_NAMES)[number];

/** How long the key that is going to expire holds: the walk starts when it does not any more. */
const EXPIRES_IN_MS = 1_500;

/** Makes a key for each kind of caller. */
export async function makeCallers(grpcAddress: string, adminKey: string): Promise<Callers> {
  const client = new MienClient(grpcAddress, { apiKey: adminKey });
  const { keys } = client;
  try {
    const expiresAt = new Date(Date.now() + EXPIRES_IN_MS);
    const expired = await keys.create({ name: 'expired', role: Role.ROLE_ADMIN, expiresAt });
    const revoked = await keys.create({ name: 'revoked', role: Role.ROLE_ADMIN });
    await keys.revoke(revoked.key?.id ?? '');
    const read = await keys.create({ name: 'read', role: Role.ROLE_READ });
    const enrol = await keys.create({ name: 'enrol', role: Role.ROLE_ENROL });
    const admin = await keys.create({ name: 'admin', role: Role.ROLE_ADMIN });
    await until(expiresAt);
    return {
      none: undefined,
      wrong: `${read.secret.slice(0, -8)}AAAAAAAA`,
      expired: expired.secret,
      revoked: revoked.secret,
      read: read.secret,
      enrol: enrol.secret,
      admin: admin.secret,
    };
  } finally {
    client.close();
  }
}

/** Resolves at that time. */
function until(time: Date): Promise<void> {
  return new Promise((done) => setTimeout(done, Math.max(0, time.getTime() - Date.now() + 1)));
}
