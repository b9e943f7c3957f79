import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { natsBinary } from '../testing/test-line';

/** The built file: the process that is killed runs JavaScript only. */
const STARTER = join(__dirname, '..', '..', 'dist', 'server', 'nats-server.js');

const SCRIPT = `
const [starter, binary, dataDir] = process.argv.slice(1);
require(starter).startNatsServer({ binary, dataDir }).then(({ port }) => console.log(port));
setInterval(() => undefined, 1_000);
`;

async function portOf(parent: ChildProcess): Promise<number> {
  if (parent.stdout !== null) {
    for await (const line of createInterface({ input: parent.stdout })) {
      return Number(line);
    }
  }
  throw new Error('the process ended before its nats-server was ready');
}

/** How a connection that says nothing of its own ends. */
async function connection(port: number): Promise<'refused' | 'closed by the server'> {
  const client = connect(port, '127.0.0.1');
  client.write('this is not NATS\r\n');
  client.resume();
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    client.once('error', resolve);
    client.once('close', () => resolve(undefined));
  });
  return error?.code === 'ECONNREFUSED' ? 'refused' : 'closed by the server';
}

describe('a nats-server whose parent is killed', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-orphan-'));
  });

  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  it('ends by itself', async () => {
    const parent = spawn(process.execPath, ['-e', SCRIPT, STARTER, natsBinary(), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const port = await portOf(parent);
    expect(await connection(port)).toBe('closed by the server');
    parent.kill('SIGKILL');
    while ((await connection(port)) !== 'refused') {
      // It is still on its way out.
    }
  });
});
