import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { MienClient } from '@mien/sdk';
import sharp from 'sharp';
import type { CallbackReceiver } from '../e2e/callback-receiver';
import { packagedPhotos } from '../photos/packaged';

const EVERYTHING = { landmarks: true, quality: true, attributes: true, liveness: true, template: true };
const GROUP = 'staff';

export interface Traffic {
  readonly client: MienClient;
  readonly httpAddress: string;
  readonly receiver: CallbackReceiver;
  /** Single faces. */
  readonly faces: readonly Buffer[];
}

/** Traces of two requests that together pass every stage. */
export interface DrivenTraces {
  readonly detect: string;
  readonly search: string;
}

/** Enrols a few persons, and hangs a callback on the end of jobs. Returns the endpoint's id. */
export async function prepare({ client, receiver, faces }: Traffic): Promise<string> {
  await client.library.createGroup({ id: GROUP, name: GROUP });
  for (const [index, face] of faces.slice(0, 3).entries()) {
    await client.library.createPerson(
      { id: `person-${index}`, groupId: GROUP, name: `Person ${index}` },
      face,
    );
  }
  const { endpoint } = await client.notifications.endpoints.create({ url: receiver.url });
  return endpoint?.id ?? '';
}

/** A little of everything that callers do, errors included. */
export async function drive(traffic: Traffic, callbackEndpointId: string): Promise<DrivenTraces> {
  const { client, httpAddress, receiver, faces } = traffic;
  const [group] = packagedPhotos();
  const photo = readFileSync(group?.path ?? '');
  const [first = photo, second = photo] = faces;
  await client.detect(photo, { features: EVERYTHING });
  await client.compare(first, second);
  await refused(client.checkLiveness(first));
  await refused(client.detect(Buffer.from('not a photo')));
  await refused(client.checkLiveness(await blank()));
  await client.library.search(first, [GROUP]);
  await client.library.verifyPerson('person-0', first);
  await refused(client.library.getPerson('nobody'));
  await client.clusterPhotos([
    { name: 'a', photo: first },
    { name: 'b', photo: second },
  ]);
  const job = await client.jobs.submit(
    [{ name: 'a', photo: first }],
    { detect: { features: EVERYTHING } },
    { callbackEndpointId, name: 'signals' },
  );
  await client.jobs.wait(job.id);
  await receiver.next();
  return {
    detect: await post(httpAddress, '/v1/detect', { image: imageOf(photo), features: EVERYTHING }),
    search: await post(httpAddress, '/v1/search', { image: imageOf(first), groupIds: [GROUP] }),
  };
}

function imageOf(photo: Buffer): object {
  return { content: photo.toString('base64') };
}

/** Asks as the caller of a trace of his own would. Returns the trace's id. */
async function post(address: string, path: string, body: object): Promise<string> {
  const traceId = randomBytes(16).toString('hex');
  const response = await fetch(`http://${address}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  }
  return traceId;
}

/** Nobody is on it. */
function blank(): Promise<Buffer> {
  const grey = { r: 128, g: 128, b: 128 };
  return sharp({ create: { width: 200, height: 200, channels: 3, background: grey } })
    .jpeg()
    .toBuffer();
}

/** Whether it is depends on the picture: both ways count as traffic. */
async function refused(call: Promise<unknown>): Promise<void> {
  await call.catch(() => undefined);
}
