import { readFileSync } from 'node:fs';
import { packagedPhotos } from '../../photos/packaged';
import { signedRequest } from '../../tencent/signed-request';
import { concurrently } from '../concurrently';
import type { BenchmarkContext } from '../harness';
import { median } from '../statistics';

/** Where the platform answers, and the key to sign with. */
export interface Bench {
  readonly address: string;
  readonly secretId: string;
  readonly secretKey: string;
}

const ROUNDS = 7;
/** Of the six photos in each round and way. */
const REPEATS = 3;
const AT_ONCE = 6;
const FACES = 10;
const SMALLEST_FACE = 34;

/** DetectFace and the native detection of the same photos over HTTP, JSON with base64 both, in rounds in turn. */
export async function compareThroughput(bench: Bench, { print, progress }: BenchmarkContext) {
  const photos = packagedPhotos().map(({ path }) => readFileSync(path).toString('base64'));
  const batch = Array.from({ length: REPEATS }, () => photos).flat();
  await agree(bench, photos);
  const rounds: { tencent: number; native: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // Which goes first changes: neither has the warmer machine.
    const ways = round % 2 === 0 ? (['tencent', 'native'] as const) : (['native', 'tencent'] as const);
    const rates = { tencent: 0, native: 0 };
    for (const way of ways) {
      rates[way] = await photosPerSecond(
        batch,
        way === 'tencent' ? tencentRequests(bench) : nativeRequests(bench),
      );
    }
    rounds.push(rates);
    progress('rounds', round + 1, ROUNDS);
    print(
      `round ${round + 1}: DetectFace ${rates.tencent.toFixed(2)}, native ${rates.native.toFixed(2)} photos/s, ` +
        `ratio ${(rates.tencent / rates.native).toFixed(3)}`,
    );
  }
  return {
    tencent: median(rounds.map(({ tencent }) => tencent)),
    native: median(rounds.map(({ native }) => native)),
    ratio: median(rounds.map(({ tencent, native }) => tencent / native)),
  };
}

type Requests = (photo: string, index: number) => { url: string; init: RequestInit };

function tencentRequests(bench: Bench): Requests {
  return (photo, index) => {
    // Requests of one second must differ to have signatures of their own.
    const body = { Image: photo, MaxFaceNum: FACES, MinFaceSize: SMALLEST_FACE, Number: index };
    return { url: `http://${bench.address}/`, init: signedRequest(bench, { action: 'DetectFace', body }) };
  };
}

function nativeRequests({ address }: Bench): Requests {
  return (photo) => ({
    url: `http://${address}/v1/detect`,
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        image: { content: photo },
        detection: { maxFaces: FACES, minFaceSize: SMALLEST_FACE },
      }),
    },
  });
}

/** The requests are made and signed before the clock runs: what is compared are the ways to answer them. */
async function photosPerSecond(photos: readonly string[], request: Requests): Promise<number> {
  const requests = photos.map(request);
  const started = performance.now();
  await concurrently(requests, AT_ONCE, async ({ url, init }) => {
    const answer = await fetch(url, init);
    const text = await answer.text();
    if (!answer.ok || text.includes('"Error"')) {
      throw new Error(`not answered: ${text.slice(0, 200)}`);
    }
  });
  return (photos.length * 1_000) / (performance.now() - started);
}

/** Both ways find the same faces; warms both up as well. */
async function agree(bench: Bench, photos: readonly string[]): Promise<void> {
  for (const [index, photo] of photos.entries()) {
    const [tencent, native] = await Promise.all(
      [tencentRequests(bench)(photo, -1 - index), nativeRequests(bench)(photo, index)].map(
        async ({ url, init }) => (await fetch(url, init)).json() as Promise<Found>,
      ),
    );
    const counts = [tencent?.Response?.FaceInfos?.length, native?.faces?.length];
    if (counts[0] === undefined || counts[0] !== counts[1]) {
      throw new Error(`the two ways do not agree on the number of faces: ${counts.join(', ')}`);
    }
  }
}

interface Found {
  readonly Response?: { readonly FaceInfos?: readonly object[] };
  readonly faces?: readonly object[];
}
