import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provisionNats } from '@mien/platform';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import { NatsServerOfChart } from './release/nats-server';
import { goIsThere } from './tools/go';
import { exampleFile, Helm, type KubernetesObject } from './tools/helm';

const withGo = goIsThere() ? describe : describe.skip;

interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<'account' | 'stream' | 'consumer', string>>;
}

/** The parts of /jsz that KEDA reads. https://github.com/kedacore/keda/blob/main/pkg/scalers/nats_jetstream_scaler.go */
interface JetStreamState {
  readonly account_details: readonly {
    readonly name: string;
    readonly stream_detail: readonly {
      readonly name: string;
      readonly consumer_detail: readonly { readonly name: string; readonly num_pending: number }[];
    }[];
  }[];
}

withGo('the NATS server of the chart', () => {
  let folder: string;
  let server: NatsServerOfChart;
  let objects: KubernetesObject[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-chart-nats-'));
    const helm = await Helm.provide();
    objects = await helm.render([exampleFile('small')], ['nats.auth=nkeys', 'scaling.keda=true']);
    server = await NatsServerOfChart.start(folder, objects);
  }, 900_000);

  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('lets nobody in without a key', async () => {
    await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow(/authorization/i);
    const seed = Buffer.from((await readFile(server.seedFile('detector'), 'utf8')).trim());
    const connection = await connect({ servers: server.url, authenticator: nkeyAuthenticator(seed) });
    await connection.close();
  });

  it('has each stream and consumer that a scaler asks for, once it was set up', async () => {
    await provisionNats({
      MIEN_NATS_URL: server.url,
      MIEN_NATS_NKEY_FILE: server.seedFile('provisioner'),
      MIEN_LOG_LEVEL: 'silent',
    });
    const triggers = objects
      .filter(({ kind }) => kind === 'ScaledObject')
      .flatMap(triggersOf)
      .filter(({ type }) => type === 'nats-jetstream');
    expect(triggers).toHaveLength(12);
    for (const { metadata } of triggers) {
      expect(await pendingOf(server.monitoringPort, metadata)).toBe(0);
    }
  });
});

function triggersOf({ spec }: KubernetesObject): readonly Trigger[] {
  return (spec as { triggers: Trigger[] }).triggers;
}

/** As KEDA asks; undefined where there is no such consumer. */
async function pendingOf(
  port: number,
  { account, stream, consumer }: Trigger['metadata'],
): Promise<number | undefined> {
  const query = new URLSearchParams({ acc: account, consumers: 'true', config: 'true' });
  const answer = await fetch(`http://127.0.0.1:${port}/jsz?${query}`);
  const { account_details } = (await answer.json()) as JetStreamState;
  return account_details
    .find(({ name }) => name === account)
    ?.stream_detail.find(({ name }) => name === stream)
    ?.consumer_detail.find(({ name }) => name === consumer)?.num_pending;
}
