import { isReason } from '@mien/errors';
import { type Campaign, within } from '../campaign';
import { internalText } from '../internal-text';
import type { FuzzTarget } from '../platform/fuzz-target';
import { exchange, type RawResponse } from './raw-exchange';
import { type HttpRequest, httpRequests } from './requests';
import { routesOf } from './routes';

const ANSWER_MS = 30_000;
/** Node's own answer to an Expect header that it does not know: it has no body. */
const EXPECTATION_FAILED = 417;
/** Outages and full queues are no faults of the answer; anything else of 500 and above is. */
const BUSY = [503, 504];

/** Requests of every path of the HTTP interface. */
export async function httpCampaign(
  target: FuzzTarget,
  photos: readonly Buffer[],
): Promise<Campaign<HttpRequest>> {
  const { httpAddress } = target.addresses;
  return {
    name: 'http',
    cases: httpRequests(await routesOf(httpAddress), photos),
    attempt: async ({ bytes, whole }) => {
      const response = await within(ANSWER_MS, 'an answer', exchange(httpAddress, bytes, whole));
      judge(bytes, whole, response, target);
    },
    describe: ({ bytes }) =>
      `${JSON.stringify(bytes.toString('latin1'))}\nbase64 ${bytes.toString('base64')}`,
  };
}

function judge(bytes: Buffer, whole: boolean, response: RawResponse, target: FuzzTarget): void {
  const sent = bytes.toString('utf8') + decoded(bytes.toString('latin1'));
  const { status, text, body } = response;
  const internal = internalText(text, sent, target.secrets);
  if (internal !== undefined) {
    throw new Error(`tells "${internal}": ${text.slice(0, 2_000)}`);
  }
  if (status === undefined) {
    if (whole || text !== '') {
      throw new Error(`no answer but "${text.slice(0, 200)}"\n${target.lastLog()}`);
    }
    return;
  }
  if (status >= 500 && !BUSY.includes(status)) {
    throw new Error(`a fault of ours: ${text.slice(0, 2_000)}\n${target.lastLog()}`);
  }
  if (status >= 400 && status !== EXPECTATION_FAILED && !bytes.subarray(0, 5).equals(HEAD)) {
    requireTyped(body, text);
  }
}

const HEAD = Buffer.from('HEAD ');

/** Every error has the same form and a reason of ours. */
function requireTyped(body: string, text: string): void {
  const reason = reasonIn(body);
  if (reason === undefined || !isReason(reason)) {
    throw new Error(`an error without a reason: ${text.slice(0, 1_000)}`);
  }
}

function reasonIn(body: string): string | undefined {
  try {
    return JSON.parse(body).error.reason;
  } catch {
    return undefined;
  }
}

/** What of the request reads differently once it is unescaped. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
