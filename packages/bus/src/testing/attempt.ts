import { setImmediate as turn } from 'node:timers/promises';
import { type NatsConnection, PermissionViolationError } from '@nats-io/transport-node';

/** What somebody may try to do at the server. */
export interface Deed {
  readonly operation: 'publish' | 'subscribe';
  readonly subject: string;
}

/** Tries deeds over one connection. */
export class Attempts {
  private readonly violations = new Set<string>();

  constructor(private readonly nc: NatsConnection) {
    void this.collect();
  }

  /** Whether the server let it happen; when it does not, it says so before it answers the flush. */
  async isAllowed({ operation, subject }: Deed): Promise<boolean> {
    if (operation === 'publish') {
      // Whoever hears it can do nothing with it.
      this.nc.publish(subject, 'not JSON');
    } else {
      this.nc.subscribe(subject, { callback: () => undefined });
    }
    await this.nc.flush();
    await turn();
    return !this.violations.has(`${operation === 'publish' ? 'publish' : 'subscription'} ${subject}`);
  }

  private async collect(): Promise<void> {
    for await (const event of this.nc.status()) {
      if (event.type === 'error' && event.error instanceof PermissionViolationError) {
        this.violations.add(`${event.error.operation} ${event.error.subject}`);
      }
    }
  }
}
