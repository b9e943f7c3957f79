/**
 * Records what this version writes on the bus and in the object store, one message of each kind, for the tests of later
 * versions: node test/dist/compatibility/record-messages.js VERSION, at a release.
 */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNatsServer, startNatsServer } from '@mien/bus';
import { startInOneProcess } from '@mien/platform';
import { MienClient, Role } from '@mien/sdk';
import { LocalDiskStore, type ObjectStore } from '@mien/stores';
import { connect, type Msg } from '@nats-io/transport-node';
import { packagedPhotos } from '../photos/packaged';
import { defaultModelPack } from '../photos/repository';
import { cutOut } from '../photos/single-faces';
import { JOB_SPEC, KINDS, type Kind } from './kinds';
import { brief, MESSAGES_FOLDER, type RecordedMessage, toFile } from './recorded-message';

/** Where a message says that something lies in the object store. */
interface BlobPlace {
  readonly key: string;
}

/** A message that holds no job: it dies, and leaves a dead letter. */
const NO_JOB = Buffer.from('no job');

class Recorder {
  private readonly found = new Map<string, Promise<RecordedMessage>>();
  private heard: () => void = () => undefined;

  constructor(private readonly store: ObjectStore) {}

  take(msg: Msg): void {
    const kind = KINDS.find(({ subjects }) => subjects.test(msg.subject));
    const counts = msg.data.length > 0 && !NO_JOB.equals(msg.data);
    if (kind !== undefined && counts && (kind.last === true || !this.found.has(kind.name))) {
      const names = msg.headers?.keys() ?? [];
      const headers = Object.fromEntries(names.map((name) => [name, msg.headers?.get(name) ?? '']));
      this.found.set(kind.name, this.record(kind, msg.subject, headers, Buffer.from(msg.data)));
      this.heard();
    }
  }

  /** Resolves when there is one of every kind. */
  async all(): Promise<RecordedMessage[]> {
    while (KINDS.some(({ name }) => !this.found.has(name))) {
      console.log(`waiting for ${KINDS.filter(({ name }) => !this.found.has(name)).map(({ name }) => name)}`);
      await new Promise<void>((resolve) => {
        this.heard = resolve;
      });
    }
    const messages = await Promise.all(this.found.values());
    const specs = messages
      .filter(({ kind }) => kind === 'job-record')
      .flatMap(({ blobs }) => Object.values(blobs));
    return [...messages, ...(await Promise.all(specs.map((spec) => this.record(JOB_SPEC, '', {}, spec))))];
  }

  private async record(
    kind: Kind,
    subject: string,
    headers: Record<string, string>,
    data: Buffer,
  ): Promise<RecordedMessage> {
    const read = kind.read(data);
    const blobs: [string, Buffer][] = [];
    for (const { key } of blobPlaces(read)) {
      // Replies are read and deleted as soon as they are there: what they pointed to is of no use to anybody else.
      const bytes = await this.store.get({ key }).catch(() => undefined);
      blobs.push(...(bytes === undefined ? [] : [[key, bytes] as [string, Buffer]]));
    }
    return {
      kind: kind.name,
      subject,
      headers,
      data,
      meaning: brief(read),
      blobs: Object.fromEntries(blobs),
    };
  }
}

function blobPlaces(json: unknown): BlobPlace[] {
  if (typeof json !== 'object' || json === null) {
    return [];
  }
  const own = 'key' in json && 'sha256' in json ? [json as BlobPlace] : [];
  return [...own, ...Object.values(json).flatMap(blobPlaces)];
}

async function record(version: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mien-record-'));
  const receiver = createServer((_, response) => response.writeHead(204).end());
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const binary = findNatsServer({
    explicit: process.env['MIEN_NATS_SERVER'],
    path: process.env['PATH'],
    folders: [join('.mien', 'bin')],
  });
  const server = await startNatsServer({ binary, dataDir: join(folder, 'nats') });
  const store = await LocalDiskStore.open({ folder: join(folder, 'blobs') });
  const recorder = new Recorder(store);
  const nc = await connect({ servers: server.url });
  nc.subscribe('>', { callback: (_, msg) => recorder.take(msg) });
  await nc.flush();
  const platform = await startInOneProcess({
    ...process.env,
    MIEN_NATS_URL: server.url,
    MIEN_DATA_DIR: folder,
    MIEN_MODEL_PACK: defaultModelPack(),
    MIEN_LOG_LEVEL: 'error',
    MIEN_GATEWAY_GRPC_PORT: '0',
    MIEN_GATEWAY_HTTP_PORT: '0',
    MIEN_CALLBACK_ALLOWED_NETWORKS: '127.0.0.1/32',
  });
  const apiKey = (await readFile(platform.adminKeyFile ?? '', 'utf8')).trim();
  const client = new MienClient(platform.grpcAddress, { apiKey, timeoutMs: 120_000 });
  nc.publish('mien.work.detector.interactive', NO_JOB);
  await useLimitedKey(client, platform.grpcAddress);
  await drive(client, `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`);
  const messages = await recorder.all();
  const target = join(MESSAGES_FOLDER, version);
  await mkdir(target, { recursive: true });
  for (const message of messages) {
    const file = toFile(message);
    await writeFile(join(target, `${message.kind}.json.gz`), file);
    console.log(`${message.kind}: ${file.byteLength} bytes`);
  }
  client.close();
  await platform.stop();
  await nc.close();
  await server.stop();
  receiver.close();
  await rm(folder, { recursive: true, force: true });
}

/** Something of everything. */
async function drive(client: MienClient, receiverUrl: string): Promise<void> {
  const face = await smallFace(client);
  const { endpoint } = await client.notifications.endpoints.create({ url: receiverUrl });
  const endpointId = endpoint?.id ?? '';
  await client.notifications.rules.create({ endpointId, groupIds: ['staff'] });
  await client.library.createGroup({ id: 'staff', name: 'Staff' });
  const features = { landmarks: true, quality: true, attributes: true, liveness: true, template: true };
  await client.detect(face, { features });
  const { id } = await client.jobs.submit(
    [{ photo: face, person: { id: 'ada', name: 'Ada' } }],
    { enrol: { groupId: 'staff' } },
    { callbackEndpointId: endpointId },
  );
  await client.jobs.wait(id);
}

/** Gateways tell each other how much of it was used. */
async function useLimitedKey(client: MienClient, address: string): Promise<void> {
  const limits = { requestsPerSecond: 10 };
  const { secret } = await client.keys.create({ name: 'limited', role: Role.ROLE_READ, ...limits });
  const limited = new MienClient(address, { apiKey: secret });
  for await (const _ of limited.library.listGroups()) {
    // read to the end
  }
  limited.close();
}

async function smallFace(client: MienClient): Promise<Buffer> {
  const [photo] = packagedPhotos();
  const path = photo?.path ?? '';
  const { faces, imageWidth, imageHeight } = await client.detect(path);
  const [face] = faces;
  if (face?.box === undefined) {
    throw new Error('the photo shows nobody');
  }
  return cutOut(path, face.box, imageWidth, imageHeight);
}

const [, , version] = process.argv;
if (version === undefined) {
  console.error('which version is this?');
  process.exit(2);
}
record(version).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
