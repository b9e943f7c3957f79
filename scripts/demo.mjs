// What `npm run demo` shows once everything is in place: the platform started, photos put through it, answers shown.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { cache, root } from './bootstrap/paths.mjs';

const cli = join(root, 'packages', 'cli', 'dist', 'main.js');
const photos = join(
  dirname(createRequire(join(root, 'test', 'package.json')).resolve('@vladmandic/face-api/package.json')),
  'demo',
);
const demo = join(cache, 'demo');
mkdirSync(demo, { recursive: true });
// Who was enrolled the last time would be in the way.
rmSync(join(demo, 'data'), { recursive: true, force: true });

const platform = spawn(
  process.execPath,
  [cli, 'up', '--data-dir', join(demo, 'data'), '--grpc-port', '0', '--http-port', '0', '--json'],
  { stdio: ['ignore', 'pipe', 'inherit'] },
);
try {
  const { grpcAddress, httpAddress, adminKeyFile } = await announced(platform);
  console.log(`\nThe platform is up: gRPC ${grpcAddress}, HTTP http://${httpAddress}/docs\n`);
  const environment = { ...process.env, MIEN_ADDRESS: grpcAddress, MIEN_API_KEY_FILE: adminKeyFile };
  for (const number of [1, 2, 3, 4, 5, 6]) {
    const photo = join(photos, `sample${number}.jpg`);
    await mien(['detect', photo, '--draw', join(demo, `sample${number}.png`)], environment);
  }
  await mien(['compare', join(photos, 'sample1.jpg'), join(photos, 'sample3.jpg')], environment);
  await mien(['compare', join(photos, 'sample1.jpg'), join(photos, 'sample2.jpg')], environment);
  await mien(['group', 'create', 'visitors'], environment);
  for (const number of [1, 2, 4]) {
    const photo = join(photos, `sample${number}.jpg`);
    await mien(['person', 'create', `visitor-${number}`, photo, '--group', 'visitors'], environment);
  }
  const search = [
    'search',
    join(photos, 'sample3.jpg'),
    '--groups',
    'visitors',
    '--faces',
    '3',
    '--min-score',
    '60',
  ];
  await mien([...search, '--draw', join(demo, 'found.png')], environment);
  console.log(
    `\nLook at the pictures: ${relative(process.cwd(), demo)}/sample1.png to sample6.png, found.png`,
  );
} finally {
  platform.kill('SIGTERM');
  if (platform.exitCode === null) {
    await once(platform, 'exit');
  }
}

/** The addresses that `mien up --json` prints when it is ready. */
async function announced(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    return JSON.parse(line);
  }
  throw new Error('the platform did not start; its log is above');
}

async function mien(args, env) {
  console.log(
    `$ mien ${args.map((word) => (word.startsWith(photos) ? relative(photos, word) : relative(root, word) || word)).join(' ')}`,
  );
  const child = spawn(process.execPath, [cli, ...args], { stdio: 'inherit', env });
  const [code] = await once(child, 'exit');
  if (code !== 0) {
    throw new Error(`mien ${args[0]} failed`);
  }
}
