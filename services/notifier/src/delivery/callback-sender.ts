import { MienError } from '@mien/errors';
import {
  type Callback,
  CLOUD_EVENT_MEDIA_TYPE,
  type StoredEndpoint,
  signedHeaders,
} from '@mien/notifications';
import { forbiddenWithin, guardedLookup, type Network, parseOutboundUrl } from '@mien/outbound';
import { Agent, type Dispatcher, request } from 'undici';

interface SenderOptions {
  readonly allowedNetworks: readonly Network[];
  /** For one attempt. */
  readonly timeoutMs: number;
}

/** Calls receivers on the public Internet, and those of the allowed networks. */
export class CallbackSender {
  private readonly agent: Agent;
  private readonly going = new AbortController();

  constructor(private readonly options: SenderOptions) {
    this.agent = new Agent({
      connect: { lookup: guardedLookup(options.allowedNetworks), timeout: options.timeoutMs },
      keepAliveTimeout: 30_000,
      maxHeaderSize: 16 * 1024,
    });
  }

  /**
   * Resolves when the receiver has taken the callback (2xx). Throws CALLBACK_FAILED, URL_INVALID or URL_FORBIDDEN; what
   * it says tells nothing of the networks here. Redirects are not followed: they are no 2xx.
   */
  async send(callback: Callback, { url, secrets }: Pick<StoredEndpoint, 'url' | 'secrets'>): Promise<void> {
    const target = parseOutboundUrl(url, this.options.allowedNetworks);
    const timeout = AbortSignal.timeout(this.options.timeoutMs);
    let response: Dispatcher.ResponseData;
    try {
      response = await request(target, {
        method: 'POST',
        dispatcher: this.agent,
        signal: AbortSignal.any([timeout, this.going.signal]),
        headers: {
          'content-type': CLOUD_EVENT_MEDIA_TYPE,
          'user-agent': 'Mien',
          ...signedHeaders(callback, secrets, new Date()),
        },
        body: callback.body,
      });
    } catch (error) {
      throw forbiddenWithin(error) ?? failed(this.failure(timeout, error), error);
    }
    letGo(response.body);
    const { statusCode } = response;
    if (statusCode < 200 || statusCode > 299) {
      throw failed(`the endpoint answered with HTTP status ${statusCode}`);
    }
  }

  /** Ends what is under way. */
  abort(): void {
    this.going.abort(new MienError('SHUTTING_DOWN', 'the notifier is going down'));
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private failure(timeout: AbortSignal, error: unknown): string {
    if (timeout.aborted) {
      return `the endpoint did not answer within ${this.options.timeoutMs} ms`;
    }
    const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    return `the endpoint can not be reached${typeof code === 'string' ? ` (${code})` : ''}`;
  }
}

/** Most that is read of an answer, so that its connection can be used again. */
const MAX_ANSWER_BYTES = 16 * 1024;

/** What a receiver says beside its status is of no interest. */
function letGo(body: Dispatcher.ResponseData['body']): void {
  body.on('error', () => undefined);
  void body.dump({ limit: MAX_ANSWER_BYTES }).catch(() => undefined);
}

function failed(message: string, cause?: unknown): MienError {
  return new MienError('CALLBACK_FAILED', message, { cause });
}
