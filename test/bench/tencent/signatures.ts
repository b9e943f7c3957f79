import { signedRequest } from '../../tencent/signed-request';
import type { BenchmarkContext } from '../harness';
import { median } from '../statistics';
import type { Bench } from './throughput';

type Sent = ReturnType<typeof signedRequest>;

const GROUPS = { action: 'GetGroupList', body: { Limit: 1 } };
/** Of each kind of wrong signature. */
const SAMPLES = 1_500;
const WARM_UP = 200;

async function codeOf(address: string, request: Sent): Promise<string> {
  const answer = await fetch(`http://${address}/`, request);
  const { Response } = (await answer.json()) as { Response: { Error?: { Code: string } } };
  return Response.Error?.Code ?? 'fine';
}

/** Whether each way of not being signed rightly is refused with its code. */
export async function refusals(bench: Bench, { print }: BenchmarkContext): Promise<boolean> {
  const now = Math.floor(Date.now() / 1_000);
  const right = signedRequest(bench, GROUPS);
  const cases: [string, string, Sent][] = [
    ['a right signature', 'fine', right],
    ['the same request again', 'AuthFailure.SignatureExpire', right],
    [
      'a wrong signature',
      'AuthFailure.SignatureFailure',
      withSignature(signedRequest(bench, GROUPS), 'f'.repeat(64)),
    ],
    [
      'a changed body',
      'AuthFailure.SignatureFailure',
      { ...signedRequest(bench, GROUPS), body: '{"Limit":2}' },
    ],
    [
      'an old timestamp',
      'AuthFailure.SignatureExpire',
      signedRequest(bench, { ...GROUPS, timestamp: now - 301 }),
    ],
    [
      'a timestamp to come',
      'AuthFailure.SignatureExpire',
      signedRequest(bench, { ...GROUPS, timestamp: now + 310 }),
    ],
    [
      'an unknown SecretId',
      'AuthFailure.SecretIdNotFound',
      signedRequest({ ...bench, secretId: 'AKIDNOBODY' }, GROUPS),
    ],
    ['no signature', 'AuthFailure.InvalidAuthorization', withHeader(right, '')],
  ];
  let all = true;
  for (const [title, expected, request] of cases) {
    const code = await codeOf(bench.address, request);
    all &&= code === expected;
    print(`${code === expected ? 'ok    ' : 'WRONG '} ${title}: ${code}`);
  }
  return all;
}

/**
 * How long refusals take, by how much of the signature is right: the kinds in turn, one request at a time, so that
 * whatever else the machine does meets all of them.
 */
export async function timings(bench: Bench, { print, progress }: BenchmarkContext) {
  const kinds = {
    'nothing right': (right: string) => flipped(right, 0),
    'half of it right': (right: string) => flipped(right, 32),
    'all but the last digit right': (right: string) => flipped(right, 63),
    'of an unknown SecretId': undefined,
  } as const;
  const times = new Map<string, number[]>(Object.keys(kinds).map((kind) => [kind, []]));
  for (let sample = -WARM_UP; sample < SAMPLES; sample++) {
    for (const [kind, change] of Object.entries(kinds)) {
      const sender = change === undefined ? { ...bench, secretId: 'AKIDNOBODY' } : bench;
      const right = signedRequest(sender, { ...GROUPS, body: { Limit: 1, Sample: sample } });
      const request = change === undefined ? right : withSignature(right, change(signatureOf(right)));
      const started = performance.now();
      await codeOf(bench.address, request);
      if (sample >= 0) {
        times.get(kind)?.push(performance.now() - started);
      }
    }
    progress('signatures', Math.max(0, sample + 1), SAMPLES);
  }
  const medians = [...times].map(([kind, values]) => {
    const middle = median(values);
    print(`refused in ${middle.toFixed(4)} ms (p50 of ${values.length}): ${kind}`);
    return middle;
  });
  return { apartMs: Math.max(...medians) - Math.min(...medians), medianMs: median(medians) };
}

function signatureOf({ headers }: Sent): string {
  return /Signature=([0-9a-f]{64})/.exec(headers.authorization)?.[1] ?? '';
}

function withSignature(request: Sent, signature: string): Sent {
  return withHeader(request, request.headers.authorization.replace(/Signature=.*/, `Signature=${signature}`));
}

function withHeader(request: Sent, authorization: string): Sent {
  return { ...request, headers: { ...request.headers, authorization } };
}

/** Another digit at that place, the rest of the signature beyond it wrong as well. */
function flipped(signature: string, place: number): string {
  const other = (digit: string) => (digit === '0' ? '1' : '0');
  return signature.slice(0, place) + [...signature.slice(place)].map(other).join('');
}
