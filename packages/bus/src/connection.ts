import { readFile } from 'node:fs/promises';
import { MienError } from '@mien/errors';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import {
  connect,
  createInbox,
  credsAuthenticator,
  type NatsConnection,
  type NodeConnectionOptions,
  nkeyAuthenticator,
} from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { credentialsIn } from './access/credentials';
import { AnswerPost } from './answer-post';
import { refusalOf } from './refusal';

export interface BusOptions {
  /** Such as nats://127.0.0.1:4222; several for a cluster. */
  readonly servers: readonly string[];
  /** Of the connection, a token of subjects: its inbox and the answers to it are under it. */
  readonly name: string;
  readonly logger: Logger;
  readonly credsFile?: string | undefined;
  /** Holds the seed of an nkey. */
  readonly nkeyFile?: string | undefined;
  /** The seed itself. */
  readonly nkeySeed?: string | undefined;
  readonly token?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?:
    | { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string }
    | undefined;
  /** Wait for a server that is not up yet instead of throwing BUS_UNAVAILABLE. */
  readonly waitForServer?: boolean;
}

const NAME = /^[\w-]+$/;

/** A connection to NATS that comes back by itself, with its JetStream sides. */
export class Bus {
  /** Sends answers to who waits for them. */
  readonly answers = new AnswerPost(this);
  private up = true;
  private readonly reconnected = new Set<() => void>();

  private constructor(
    /** Of the connection: a token of subjects. */
    readonly name: string,
    readonly nc: NatsConnection,
    readonly js: JetStreamClient,
    readonly jsm: JetStreamManager,
    readonly logger: Logger,
  ) {
    void this.watch();
  }

  /**
   * Throws BUS_UNAVAILABLE when no server answers (unless it is to wait), it does not let us in or JetStream is off,
   * CONFIGURATION_INVALID for credentials that can't be read.
   */
  static async connect(options: BusOptions): Promise<Bus> {
    if (!NAME.test(options.name)) {
      throw new MienError('INTERNAL', `${options.name} can not be part of a subject`);
    }
    const how = await connectionOptions(options);
    let nc: NatsConnection | undefined;
    try {
      nc = await connect(how);
      const jsm = await jetstreamManager(nc);
      return new Bus(options.name, nc, jetstream(nc), jsm, options.logger);
    } catch (error) {
      await nc?.close();
      const message = refusalOf(error) ?? 'NATS with JetStream does not answer';
      const metadata = { servers: options.servers.join(','), user: options.name };
      throw new MienError('BUS_UNAVAILABLE', message, { cause: error, metadata });
    }
  }

  /** Whether the server can be reached now. */
  get connected(): boolean {
    return this.up && !this.nc.isClosed();
  }

  /** The largest message that the server takes, in bytes. */
  get maxPayload(): number {
    return this.nc.info?.max_payload ?? 0;
  }

  /** A subject that only connections of our name may listen to. */
  newInbox(): string {
    return createInbox(inboxPrefix(this.name));
  }

  /** Calls back after each reconnection; returns how to stop that. */
  onReconnect(callback: () => void): () => void {
    this.reconnected.add(callback);
    return () => this.reconnected.delete(callback);
  }

  /** Sends what is buffered, then closes. */
  async close(): Promise<void> {
    if (!this.nc.isClosed()) {
      // The server may go meanwhile: then there is nothing left to send to.
      await (this.up ? this.nc.drain().catch(() => this.nc.close()) : this.nc.close());
    }
  }

  private async watch(): Promise<void> {
    for await (const status of this.nc.status()) {
      if (status.type === 'disconnect') {
        this.up = false;
        this.logger.warn({ server: status.server }, 'NATS connection lost');
      } else if (status.type === 'reconnect') {
        this.up = true;
        this.logger.info({ server: status.server }, 'NATS connection is back');
        for (const callback of this.reconnected) {
          callback();
        }
      } else if (status.type === 'error') {
        this.logger.error({ err: status.error }, 'NATS reports an error');
      }
    }
  }
}

async function connectionOptions(options: BusOptions): Promise<NodeConnectionOptions> {
  const result: NodeConnectionOptions = {
    servers: [...options.servers],
    name: options.name,
    inboxPrefix: inboxPrefix(options.name),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 500,
    // A stack trace per request costs more than the request.
    noAsyncTraces: true,
    waitOnFirstConnect: options.waitForServer ?? false,
  };
  if (options.credsFile !== undefined) {
    result.authenticator = credsAuthenticator(await read(options.credsFile));
  }
  const seed = options.nkeySeed ?? (await seedIn(options.nkeyFile));
  if (seed !== undefined) {
    result.authenticator = nkeyAuthenticator(Buffer.from(credentialsIn(seed).seed));
  }
  if (options.token !== undefined) {
    result.token = options.token;
  }
  if (options.user !== undefined) {
    result.user = options.user;
    result.pass = options.password ?? '';
  }
  if (options.tls !== undefined) {
    result.tls = options.tls;
  }
  return result;
}

async function seedIn(file: string | undefined): Promise<string | undefined> {
  return file === undefined ? undefined : (await read(file)).toString('utf8');
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new MienError('CONFIGURATION_INVALID', `${file} can not be read`, { cause: error });
  }
}

function inboxPrefix(name: string): string {
  return `_INBOX.${name}`;
}
