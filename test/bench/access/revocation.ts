import { MienClient, MienError, Role } from '@mien/sdk';

interface Revocations {
  /** Requests that another gateway took after the revocation was answered. */
  readonly takenAfter: number;
  /** Milliseconds from the answer until the last of them was sent; 0 when there was none. */
  readonly longestMs: number;
}

/** Revokes keys at one gateway while they are used at another all the time. */
export async function measureRevocations(
  { here, there, adminKey }: { readonly here: string; readonly there: string; readonly adminKey: string },
  count: number,
): Promise<Revocations> {
  const admin = new MienClient(here, { apiKey: adminKey });
  let takenAfter = 0;
  let longestMs = 0;
  try {
    for (let done = 0; done < count; done++) {
      const { key, secret } = await admin.keys.create({ name: 'bench', role: Role.ROLE_READ });
      const user = new MienClient(there, { apiKey: secret, retries: 0 });
      let revokedAt = Number.POSITIVE_INFINITY;
      const using = useUntilRefused(user, (sentAt) => {
        if (sentAt > revokedAt) {
          takenAfter += 1;
          longestMs = Math.max(longestMs, sentAt - revokedAt);
        }
      });
      await using.begun;
      await admin.keys.revoke(key?.id ?? '');
      revokedAt = performance.now();
      await using.refused;
      user.close();
    }
  } finally {
    admin.close();
  }
  return { takenAfter, longestMs };
}

function useUntilRefused(
  client: MienClient,
  taken: (sentAt: number) => void,
): { begun: Promise<void>; refused: Promise<void> } {
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const refused = (async () => {
    for (;;) {
      const sentAt = performance.now();
      const reason = await ask(client);
      if (reason === 'KEY_INVALID') {
        return;
      }
      taken(sentAt);
      begin();
    }
  })();
  return { begun, refused };
}

async function ask(client: MienClient): Promise<string> {
  try {
    await client.library.getGroup('nobody');
    return 'ok';
  } catch (error) {
    return error instanceof MienError ? error.reason : String(error);
  }
}
