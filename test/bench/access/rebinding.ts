import type { LookupAddress } from 'node:dns';
import { guardedLookup, type Resolve } from '@mien/outbound';
import { Agent, request } from 'undici';
import type { SecretServer } from './secret-server';

/**
 * A name that resolves to somewhere else each time that it is asked for: a public address for whoever checks, loopback for
 * whoever connects. With the lookup that all outbound requests of Mien go through. Gives how often it got through.
 */
export async function rebind({ port, visits }: SecretServer, attempts: number): Promise<number> {
  const before = visits();
  const public_: LookupAddress = { address: '192.0.2.1', family: 4 };
  const loopback: LookupAddress = { address: '127.0.0.1', family: 4 };
  let asked = 0;
  const flipping: Resolve = (_, __, callback) => {
    asked += 1;
    callback(null, asked % 2 === 1 ? [loopback] : [public_, loopback]);
  };
  for (let attempt = 0; attempt < attempts; attempt++) {
    const agent = new Agent({ connect: { lookup: guardedLookup([], flipping), timeout: 1_000 } });
    await request(`http://rebind.example:${port}/`, { dispatcher: agent }).catch(() => undefined);
    await agent.destroy();
  }
  return visits() - before;
}
