import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A service that says it is ready, and would go on for ever. */
const SERVICE = `
process.stdout.write(JSON.stringify({ msg: 'ready', opsPort: 1 }).replace('"msg": ', '"msg":') + '\\n');
setInterval(() => undefined, 1_000);
`;

/** Whoever started it: tells its process id. */
const PARENT = `
const { ServiceProcess } = require(${JSON.stringify(join(__dirname, '../dist'))});
const service = new ServiceProcess({
  name: 'test', main: process.argv[2], env: {}, onLog: () => undefined, logger: { error: () => undefined },
});
service.start().then(() => console.log(service.pid));
`;

describe('a service process', () => {
  it('goes when whoever started it was killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mien-service-'));
    const [service, parent] = [join(folder, 'service.cjs'), join(folder, 'parent.cjs')];
    await writeFile(service, SERVICE);
    await writeFile(parent, PARENT);
    const starter = spawn(process.execPath, [parent, service], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pid = await firstLine(starter.stdout);
    expect(isThere(pid)).toBe(true);
    starter.kill('SIGKILL');
    await gone(pid);
    await rm(folder, { recursive: true });
  }, 30_000);
});

async function firstLine(stream: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface({ input: stream })) {
    return Number(line);
  }
  throw new Error('nothing was told');
}

/** A process that is not ours to wait for tells nobody when it ends: it is looked for. */
async function gone(pid: number): Promise<void> {
  while (isThere(pid)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
