import { type JobWork, MienClient, MienError, type SubmittedJob } from '@mien/sdk';

const PATIENCE_MS = 180_000;
const PAUSE_MS = 300;

/** Asks one gateway after the other until one answers, as a client does who knows several. */
export class PatientClient {
  private readonly clients: readonly MienClient[];
  private turn = 0;

  constructor(addresses: readonly string[]) {
    this.clients = addresses.map((address) => new MienClient(address, { timeoutMs: 15_000, retries: 0 }));
  }

  submit(
    photo: Buffer,
    work: JobWork,
    about: { key: string; personId?: string; endpointId: string },
  ): Promise<SubmittedJob> {
    const { key, personId, endpointId } = about;
    const source = personId === undefined ? { photo } : { photo, person: { id: personId, name: personId } };
    return this.ask((client) =>
      client.jobs.submit([source], work, { idempotencyKey: key, callbackEndpointId: endpointId }),
    );
  }

  /** The cancelled job; undefined when it had ended. */
  cancel(id: string): Promise<SubmittedJob | undefined> {
    return this.ask((client) =>
      client.jobs.cancel(id).catch(async (error: unknown) => {
        if (error instanceof MienError && error.reason === 'JOB_ENDED') {
          return undefined;
        }
        throw error;
      }),
    );
  }

  async ask<T>(what: (client: MienClient) => Promise<T>): Promise<T> {
    for (const deadline = Date.now() + PATIENCE_MS; ; ) {
      this.turn += 1;
      const client = this.clients[this.turn % this.clients.length];
      try {
        if (client !== undefined) {
          return await what(client);
        }
      } catch (error) {
        if (!passes(error) || Date.now() > deadline) {
          throw error;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  close(): void {
    for (const client of this.clients) {
      client.close();
    }
  }
}

const PASSING = new Set([
  'BUS_UNAVAILABLE',
  'SHUTTING_DOWN',
  'OVERLOADED',
  'LIBRARY_UNAVAILABLE',
  'DEADLINE_EXCEEDED',
  'OBJECT_STORE_UNAVAILABLE',
  'INTERNAL',
]);

function passes(error: unknown): boolean {
  return error instanceof MienError && PASSING.has(error.reason);
}
