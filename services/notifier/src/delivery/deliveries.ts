import { BucketView, ENDPOINTS_BUCKET } from '@mien/bus';
import type { Cipher } from '@mien/encryption';
import {
  CALLBACK_ACK_WAIT_MS,
  decodeEndpoint,
  dropEndpoint,
  endpointsWithQueues,
  provideEndpoint,
  type StoredEndpoint,
} from '@mien/notifications';
import { EndpointLane, type LaneOptions } from './endpoint-lane';

const TIDY_MS = 300_000;

/** A lane for each endpoint there is. */
export class Deliveries {
  private readonly lanes = new Map<string, EndpointLane>();
  /** Changes of one endpoint, one after the other. */
  private readonly changes = new Map<string, Promise<void>>();
  private readonly heartbeat: NodeJS.Timeout;
  private readonly tidying: NodeJS.Timeout;
  private view: BucketView<StoredEndpoint> | undefined;
  private closed = false;

  private constructor(private readonly options: LaneOptions) {
    this.heartbeat = setInterval(() => this.beat(), CALLBACK_ACK_WAIT_MS / 3);
    this.tidying = setInterval(() => void this.tidy(), TIDY_MS);
    this.tidying.unref();
  }

  /** Delivers from now on; what was left for endpoints that are gone is dropped. */
  static async start(options: LaneOptions, cipher: Cipher | undefined): Promise<Deliveries> {
    const deliveries = new Deliveries(options);
    const { bus, logger } = options;
    deliveries.view = await BucketView.open(
      { bus, bucket: ENDPOINTS_BUCKET, logger },
      (_, bytes) => decodeEndpoint(bytes, cipher),
      (id, endpoint) => deliveries.change(id, endpoint),
    );
    await Promise.all(deliveries.changes.values());
    await deliveries.tidy();
    return deliveries;
  }

  /** Whether there is an endpoint of the id. */
  async knows(endpointId: string): Promise<boolean> {
    if (!this.seen(endpointId)) {
      await this.view?.upToDate();
    }
    return this.seen(endpointId);
  }

  /** Takes no more; what is under way may end within the limit, and is handed back then. */
  async drain(limitMs: number): Promise<void> {
    this.closed = true;
    this.view?.stop();
    clearInterval(this.tidying);
    await Promise.all(this.changes.values());
    const lanes = [...this.lanes.values()];
    await Promise.all(lanes.map((lane) => lane.close()));
    const limit = setTimeout(() => this.options.sender.abort(), limitMs);
    await Promise.all(lanes.map((lane) => lane.empty()));
    clearTimeout(limit);
    clearInterval(this.heartbeat);
    if (this.options.bus.connected) {
      await this.options.bus.nc.flush();
    }
    await this.options.sender.close();
  }

  private seen(endpointId: string): boolean {
    return this.view?.all.has(endpointId) ?? false;
  }

  private change(id: string, endpoint: StoredEndpoint | undefined): void {
    const before = this.changes.get(id) ?? Promise.resolve();
    const change = before
      .then(() => (endpoint === undefined ? this.remove(id) : this.put(endpoint)))
      .catch((error: unknown) => {
        this.options.logger.error({ err: error, endpointId: id }, 'an endpoint could not be followed');
      })
      .finally(() => {
        if (this.changes.get(id) === change) {
          this.changes.delete(id);
        }
      });
    this.changes.set(id, change);
  }

  private async put(endpoint: StoredEndpoint): Promise<void> {
    const lane = this.lanes.get(endpoint.id);
    if (lane !== undefined) {
      lane.renew(endpoint);
      return;
    }
    await provideEndpoint(this.options.bus, endpoint.id);
    if (!this.closed) {
      this.lanes.set(endpoint.id, new EndpointLane(endpoint, this.options));
    }
  }

  private async remove(id: string): Promise<void> {
    const lane = this.lanes.get(id);
    if (lane === undefined) {
      return; // removed before we came
    }
    this.lanes.delete(id);
    await lane.close();
    await dropEndpoint(this.options.bus, id);
    this.options.logger.info({ endpointId: id }, 'endpoint removed; what waited for it is dropped');
  }

  private beat(): void {
    if (this.options.bus.connected) {
      for (const lane of this.lanes.values()) {
        lane.beat();
      }
    }
  }

  /** Takes away what is left for endpoints that are gone, and makes up for what failed before. */
  private async tidy(): Promise<void> {
    const { bus, logger } = this.options;
    try {
      // In this order: an endpoint is there before its queue is.
      const queues = await endpointsWithQueues(bus);
      await this.view?.upToDate();
      for (const id of queues) {
        if (!this.closed && !this.seen(id)) {
          await dropEndpoint(bus, id);
        }
      }
      for (const endpoint of this.view?.all.values() ?? []) {
        if (!this.lanes.has(endpoint.id)) {
          this.change(endpoint.id, endpoint);
        }
      }
    } catch (error) {
      logger.warn({ err: error }, 'the queues of endpoints could not be looked through');
    }
  }
}
