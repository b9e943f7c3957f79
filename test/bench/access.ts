import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditTrail, newKeyText, writeKeyText } from '@mien/access';
import { Bus, findNatsServer, startNatsServer } from '@mien/bus';
import { Role } from '@mien/sdk';
import { createLogger } from '@mien/service';
import { makeCallers } from '../access/callers';
import { walk } from '../access/walk';
import { walkTable } from '../access/walk-table';
import { repositoryRoot } from '../photos/repository';
import { forgedAddresses, reasonFor } from './access/forged-addresses';
import { rebind } from './access/rebinding';
import { measureRevocations } from './access/revocation';
import { REDIRECTOR_NETWORK, startSecretServer } from './access/secret-server';
import type { Benchmark, BenchmarkContext } from './harness';
import { mienUp } from './platform/mien-up';
import { median, percentile, rounded } from './statistics';

const GOAL = { revocationMs: 100 } as const;
const REVOCATIONS = 100;
const REBINDINGS = 100;
const RECORDS = 500;
/** The last: the text leads to a name or a public address, from which no photo came. */
const REFUSALS: ReadonlySet<string> = new Set(['URL_FORBIDDEN', 'URL_INVALID', 'URL_FETCH_FAILED']);

export const benchmark: Benchmark = {
  name: 'access',
  goal:
    'every method and path lets each caller do what was designed; no forged address leads inside; a revoked key is ' +
    `refused by another gateway within ${GOAL.revocationMs} ms of the answer`,
  async run(context) {
    const folder = await mkdtemp(join(tmpdir(), 'mien-bench-access-'));
    const adminKey = writeKeyText(newKeyText());
    const keyFile = join(folder, 'admin.key');
    await writeFile(keyFile, adminKey, { mode: 0o600 });
    const nats = await startNatsServer({ binary: natsBinary(), dataDir: join(folder, 'nats') });
    const settings = {
      MIEN_NATS_URL: nats.url,
      MIEN_GATEWAY_AUTH: 'keys',
      MIEN_ADMIN_KEY_FILE: keyFile,
      MIEN_URL_ALLOWED_NETWORKS: REDIRECTOR_NETWORK,
      MIEN_LOG_LEVEL: 'error',
    };
    const here = await mienUp(settings, join(folder, 'here'));
    const there = await mienUp(settings, join(folder, 'there'));
    try {
      const rows = await walk(here, await makeCallers(here.grpcAddress, adminKey));
      context.print(walkTable(rows));
      const wrong = rows.filter((row) => row.wrong.length > 0).length;
      const forged = await tryForged(here.httpAddress, adminKey, context);
      const addresses = { here: here.grpcAddress, there: there.grpcAddress, adminKey };
      const revocations = await measureRevocations(addresses, REVOCATIONS);
      const appends = await timeAppends(nats.url);
      return {
        pass: wrong === 0 && forged.gotThrough === 0 && revocations.longestMs <= GOAL.revocationMs,
        figures: {
          rows: rows.length,
          callers: 7,
          wrong,
          forgedAddresses: forged.tried,
          rebindings: REBINDINGS,
          gotThrough: forged.gotThrough,
          revocations: REVOCATIONS,
          takenAfterRevocation: revocations.takenAfter,
          longestAfterRevocationMs: rounded(revocations.longestMs, 1),
          auditMedianMs: rounded(median(appends), 2),
          auditP99Ms: rounded(percentile(appends, 0.99), 2),
        },
      };
    } finally {
      await Promise.all([here.stop(), there.stop()]);
      await nats.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** How many of the tricks were not refused, or led to the secret. */
async function tryForged(
  httpAddress: string,
  apiKey: string,
  context: BenchmarkContext,
): Promise<{ tried: number; gotThrough: number }> {
  const secret = await startSecretServer();
  try {
    const cases = forgedAddresses(secret);
    let taken = 0;
    for (const { trick, url } of cases) {
      const reason = await reasonFor(httpAddress, apiKey, url);
      taken += REFUSALS.has(reason) ? 0 : 1;
      context.print(`${REFUSALS.has(reason) ? 'refused' : 'TAKEN  '}  ${reason.padEnd(16)} ${trick}`);
    }
    await rebind(secret, REBINDINGS);
    return { tried: cases.length, gotThrough: taken + secret.visits() };
  } finally {
    await secret.stop();
  }
}

/** Milliseconds that writing a record takes. */
async function timeAppends(natsUrl: string): Promise<number[]> {
  const bus = await Bus.connect({
    servers: [natsUrl],
    name: 'bench',
    logger: createLogger({ service: 'bench', level: 'silent' }),
  });
  const trail = new AuditTrail(bus);
  const times: number[] = [];
  for (let done = 0; done < RECORDS; done++) {
    const started = performance.now();
    await trail.append({
      keyId: 'bench',
      role: Role.ROLE_READ,
      method: 'mien.v1.FaceService/Detect',
      groupIds: [],
      personIds: [],
      faceIds: [],
      jobId: '',
      outcome: 'ok',
      peer: '127.0.0.1',
      requestId: 'bench',
    });
    times.push(performance.now() - started);
  }
  await bus.close();
  return times;
}

function natsBinary(): string {
  return findNatsServer({
    explicit: process.env['MIEN_NATS_SERVER'],
    path: process.env['PATH'],
    folders: [join(repositoryRoot(), '.mien', 'bin')],
  });
}
