import { randomUUID } from 'node:crypto';
import { type Bus, USAGE_SUBJECT } from '@mien/bus';
import { MienError } from '@mien/errors';
import { type ApiKey, KeyUsage } from '@mien/proto';
import type { Subscription } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { TokenBucket } from './token-bucket';

/** So long what other gateways let through is not known here: a key may be let through too often by that. */
const TELL_MS = 100;

type Limits = Pick<ApiKey, 'id' | 'requestsPerSecond' | 'burst'>;

interface Limited {
  readonly limits: Limits;
  readonly bucket: TokenBucket;
}

/** How often each key may ask, over all gateways: each has buckets of its own and tells the others what it took. */
export class RateLimits {
  private readonly gatewayId = randomUUID();
  private readonly limited = new Map<string, Limited>();
  private used = new Map<string, number>();
  private readonly others: Subscription;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly bus: Bus,
    private readonly logger: Logger,
  ) {
    this.others = bus.nc.subscribe(USAGE_SUBJECT, {
      callback: (error, { data }) => {
        if (error === null) {
          this.hear(data);
        }
      },
    });
    this.timer = setInterval(() => this.tell(), TELL_MS);
    this.timer.unref();
  }

  /** Lets a request of the key through, or throws RATE_LIMITED. */
  take(key: Limits): void {
    if (key.requestsPerSecond <= 0) {
      return;
    }
    const seconds = this.bucketOf(key).take(performance.now());
    if (seconds > 0) {
      throw new MienError('RATE_LIMITED', 'the key has used up its requests', {
        metadata: { retryAfterSeconds: String(Math.ceil(seconds * 10) / 10) },
      });
    }
    this.used.set(key.id, (this.used.get(key.id) ?? 0) + 1);
  }

  close(): void {
    clearInterval(this.timer);
    this.others.unsubscribe();
  }

  private bucketOf(key: Limits): TokenBucket {
    const known = this.limited.get(key.id);
    if (known !== undefined && isSame(known.limits, key)) {
      return known.bucket;
    }
    const { id, requestsPerSecond, burst } = key;
    const size = Math.max(1, burst === 0 ? requestsPerSecond : burst);
    const bucket = new TokenBucket(requestsPerSecond, size, performance.now());
    this.limited.set(id, { limits: { id, requestsPerSecond, burst }, bucket });
    return bucket;
  }

  private tell(): void {
    if (this.used.size === 0) {
      return;
    }
    const requests = Object.fromEntries(this.used);
    this.used = new Map();
    try {
      this.bus.nc.publish(USAGE_SUBJECT, KeyUsage.encode({ gatewayId: this.gatewayId, requests }).finish());
    } catch (error) {
      this.logger.debug({ err: error }, 'other gateways could not be told of requests');
    }
  }

  private hear(data: Uint8Array): void {
    const { gatewayId, requests } = readable(data);
    if (gatewayId === this.gatewayId) {
      return;
    }
    for (const [keyId, count] of Object.entries(requests)) {
      this.limited.get(keyId)?.bucket.spend(count, performance.now());
    }
  }
}

function isSame(a: Limits, b: Limits): boolean {
  return a.requestsPerSecond === b.requestsPerSecond && a.burst === b.burst;
}

function readable(data: Uint8Array): KeyUsage {
  try {
    return KeyUsage.decode(data);
  } catch {
    return KeyUsage.fromPartial({});
  }
}
