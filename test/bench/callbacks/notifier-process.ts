import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** The notifier as an operator starts it; resolves when it is ready. */
export async function startNotifierProcess(natsUrl: string, dataDir: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [require.resolve('@mien/notifier/dist/main.js')], {
    env: {
      PATH: process.env['PATH'],
      MIEN_NATS_URL: natsUrl,
      MIEN_DATA_DIR: dataDir,
      MIEN_CALLBACK_ALLOWED_NETWORKS: '127.0.0.1/32',
      MIEN_LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout === null) {
    throw new Error('the log of the notifier is not piped');
  }
  const lines = createInterface({ input: child.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.includes('"msg":"ready"')) {
        resolve();
      }
    });
    child.once('exit', () => reject(new Error('the notifier ended before it was ready')));
  });
  return child;
}

/** As an operator stops it. */
export async function stopNotifierProcess(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  await once(child, 'exit');
}
