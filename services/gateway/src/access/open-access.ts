import { readFile } from 'node:fs/promises';
import { AuditTrail, KeyRing, KeyStore, provisionAccess, RateLimits, TakenSignatures } from '@mien/access';
import { MienError } from '@mien/errors';
import { isLoopback, type Runtime } from '@mien/service';
import type { AccessConfig } from './config';
import { type Gate, KeyGate, OPEN_GATE } from './gate';

interface Access {
  readonly gate: Gate;
  readonly ring: KeyRing;
  readonly store: KeyStore;
  readonly trail: AuditTrail;
  readonly limits: RateLimits;
  readonly signatures: TakenSignatures;
  close(): void;
}

/** Keys and the audit trail, as the bus keeps them. Throws BUS_UNAVAILABLE and CONFIGURATION_INVALID. */
export async function openAccess(
  { bus, config, logger }: Runtime,
  { auth, adminKeyFile, auditRetentionDays }: AccessConfig,
): Promise<Access> {
  if (auth === 'none' && !isLoopback(config.bindAddress)) {
    throw new MienError(
      'CONFIGURATION_INVALID',
      `MIEN_GATEWAY_AUTH=none is for a gateway on this machine alone, not on ${config.bindAddress}`,
      { metadata: { variable: 'MIEN_GATEWAY_AUTH' } },
    );
  }
  await provisionAccess(bus, { ...config.provision, auditRetentionDays });
  const cipher = config.objectStore.encryption?.cipher;
  const ring = await KeyRing.open({ bus, cipher, logger });
  const store = await KeyStore.open(bus, ring, cipher);
  if (adminKeyFile !== undefined) {
    await store.provideAdmin(await adminKeyIn(adminKeyFile), 'first admin key');
  }
  if (auth === 'keys' && ring.otherAdmins('', Date.now()).length === 0) {
    logger.warn('there is no admin key: MIEN_ADMIN_KEY_FILE can give the first');
  }
  const limits = new RateLimits(bus, logger);
  return {
    ring,
    store,
    limits,
    signatures: await TakenSignatures.open(bus),
    gate: auth === 'keys' ? new KeyGate(ring, limits) : OPEN_GATE,
    trail: new AuditTrail(bus),
    close: () => {
      limits.close();
      ring.close();
    },
  };
}

async function adminKeyIn(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new MienError('CONFIGURATION_INVALID', 'the file of MIEN_ADMIN_KEY_FILE can not be read', {
      cause: error,
    });
  }
}
