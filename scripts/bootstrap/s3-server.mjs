import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cache } from './paths.mjs';
import { capture, step } from './step.mjs';

/** An S3 server over a folder, Apache-2.0, for tests only: the lightest real one that Go builds. */
const GO_MODULE = 'github.com/versity/versitygw/cmd/versitygw@v1.8.0';
/** Building it takes one to three minutes of two cores, once; what is built until then is kept for the next time. */
const LIMIT_MS = 240_000;

/** Brings an S3 server for the tests where Go can build it; where not, they say that they were skipped. */
export async function provideS3Server() {
  const folder = join(cache, 'bin');
  const places = [folder, ...(process.env.PATH ?? '').split(delimiter)];
  if (process.env.MIEN_S3_SERVER || process.env.S3_URL) {
    return;
  }
  if (places.some((place) => existsSync(join(place, 'versitygw')))) {
    return;
  }
  mkdirSync(folder, { recursive: true });
  await step('S3 server for tests', () =>
    capture('go', ['install', GO_MODULE], { env: { GOBIN: folder }, timeoutMs: LIMIT_MS }).then(
      () => undefined,
      () => 'not available, its tests are skipped',
    ),
  );
}
