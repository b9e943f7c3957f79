import { readFileSync } from 'node:fs';
import { MienClient } from '@mien/sdk';
import { ALL_FEATURES } from '../../photos/all-features';
import { packagedPhotos } from '../../photos/packaged';
import { singleFaces } from '../../photos/single-faces';
import type { Outcome } from '../harness';
import { IMAGES, OWN } from './build';
import type { Engine } from './engine';
import { nativeModulesOf } from './native-modules';
import { runsHere } from './processors';
import { Release, SERVICES } from './release';
import type { Architecture } from './root-file-systems';

const GROUP = 'images';
/** Tries what a service must not be able to do; prints what it is, and where it could write. */
const CONFINEMENT = `
const { writeFileSync, readFileSync } = require('node:fs');
const places = ['/', '/app', '/app/service', '/opt', '/etc', '/home/nonroot', '/usr/local/bin', '/tmp', '/var/lib/mien'];
const written = places.filter((place) => { try { writeFileSync(place + '/probe', ''); return true; } catch { return false; } });
const status = readFileSync('/proc/self/status', 'utf8');
const capabilities = /CapBnd:\\s+0+\\n/.test(status) ? 'none' : 'some';
console.log(JSON.stringify({ uid: process.getuid(), written, capabilities }));
`;
const CONFINED = JSON.stringify({ uid: 65_532, written: ['/tmp', '/var/lib/mien'], capabilities: 'none' });

/**
 * Loads what each image of a processor has of native modules, and where there is one of every service starts the platform
 * from them and puts a photo through.
 */
export async function runImages(
  engine: Engine,
  architecture: Architecture,
  /** By service. */
  images: ReadonlyMap<string, string>,
  print: (line: string) => void,
): Promise<Outcome> {
  if (!(await runsHere(architecture))) {
    print(`${architecture} not run: this machine has no emulator of it that containers can use`);
    return { pass: true, figures: { architecture, ran: false } };
  }
  for (const [service, image] of images) {
    print(`${service.padEnd(12)} ${await nativeModulesOf(engine, image)}`);
  }
  if (images.size < Object.keys(IMAGES).length) {
    print(`the platform of ${architecture} not started: that needs an image of every service`);
    return { pass: true, figures: { architecture, ran: false } };
  }
  print(`the platform from the images of ${architecture}${architecture === OWN ? '' : ', emulated'}`);
  const release = await Release.start(engine, images);
  let confined = 0;
  let faces = 0;
  let found = 0;
  try {
    for (const [service, container] of release.containers) {
      const is = await container.evaluate(CONFINEMENT);
      const shell = await container.has('sh');
      confined += is === CONFINED && !shell ? 1 : 0;
      const seconds = ((release.startedMs.get(service) ?? Number.NaN) / 1_000).toFixed(1);
      print(`${service.padEnd(12)} healthy after ${seconds} s, ${is}${shell ? ', has a shell' : ''}`);
    }
    ({ faces, found } = await detectAndFind(release));
    print(`through the gateway: ${faces} faces with all features, ${found} person found again`);
  } finally {
    const codes = await release.stop();
    print(`exit codes on SIGTERM: ${[...codes].map(([service, code]) => `${service} ${code}`).join(', ')}`);
    confined -= [...codes.values()].filter((code) => code !== 0).length;
  }
  return {
    pass: confined === SERVICES.length && faces === packagedPhotos()[0]?.people && found === 1,
    figures: { architecture, services: SERVICES.length, confined, faces, found },
  };
}

/** One photo with all that stages tell, and one of its people in the library. */
async function detectAndFind({ grpcAddress, apiKey }: Release): Promise<{ faces: number; found: number }> {
  const client = new MienClient(grpcAddress, { apiKey, timeoutMs: 120_000 });
  try {
    const photo = readFileSync(packagedPhotos()[0]?.path ?? '');
    const { faces } = await client.detect(photo, { features: ALL_FEATURES });
    const complete = faces.filter(
      ({ landmarks, quality, attributes, liveness, template }) =>
        landmarks && quality && attributes && liveness && template,
    );
    await client.library.createGroup({ id: GROUP, name: 'Images' });
    const [face = photo] = await singleFaces(client);
    await client.library.createPerson({ id: 'first', groupId: GROUP, name: 'First' }, face);
    const { results } = await client.library.search(photo, [GROUP]);
    const hits = results.filter(({ candidates }) => candidates[0]?.personId === 'first');
    return { faces: complete.length, found: hits.length };
  } finally {
    client.close();
  }
}
