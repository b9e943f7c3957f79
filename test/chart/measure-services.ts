/**
 * What each service needs, as the chart's resources and scaling thresholds state it: every service runs as a process
 * of its own, photos go through all of them, and /proc tells memory and processor time. Linux only.
 *
 *   node test/dist/chart/measure-services.js
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { STAGE_NAMES } from '@mien/bus';
import { type ProcessPlatform, startProcessEach } from '@mien/platform';
import { MienClient } from '@mien/sdk';
import { concurrently } from '../bench/concurrently';
import { testSettings } from '../e2e/test-platform';
import { ALL_FEATURES } from '../photos/all-features';
import { packagedPhotos } from '../photos/packaged';
import { singleFaces } from '../photos/single-faces';

const SERVICES = ['gateway', ...STAGE_NAMES, 'notifier'] as const;
type Service = (typeof SERVICES)[number];

/** Enough for heaps to reach the size that they keep. */
const PHOTOS = 240;
const SEARCHES = 240;
const AT_ONCE = 8;
const GROUP = 'measured';

interface Usage {
  readonly residentMb: number;
  readonly peakMb: number;
  readonly cpuSeconds: number;
}

type Snapshot = ReadonlyMap<Service, Usage>;

async function main(): Promise<void> {
  const settings = await testSettings('measure');
  const platform = await startProcessEach(settings.env, () => undefined);
  const client = new MienClient(platform.grpcAddress, { timeoutMs: 120_000 });
  try {
    const idle = snapshot(platform);
    const photos = packagedPhotos().map(({ path }) => readFileSync(path));
    const faces = await singleFaces(client);
    await enrol(client, faces);
    const beforePhotos = snapshot(platform);
    await detectAll(client, photos);
    const afterPhotos = snapshot(platform);
    await searchAll(client, faces);
    const afterSearches = snapshot(platform);
    console.table(rows(idle, beforePhotos, afterPhotos, afterSearches));
  } finally {
    client.close();
    await platform.stop();
    await settings.remove();
  }
}

async function enrol(client: MienClient, faces: readonly Buffer[]): Promise<void> {
  await client.library.createGroup({ id: GROUP, name: 'Measured' });
  for (const [index, face] of faces.entries()) {
    await client.library.createPerson({ id: `p${index}`, groupId: GROUP, name: `Person ${index}` }, face);
  }
}

async function detectAll(client: MienClient, photos: readonly Buffer[]): Promise<void> {
  const batch = Array.from(
    { length: PHOTOS },
    (_, index) => photos[index % photos.length] ?? Buffer.alloc(0),
  );
  await concurrently(batch, AT_ONCE, (photo) => client.detect(photo, { features: ALL_FEATURES }));
}

async function searchAll(client: MienClient, faces: readonly Buffer[]): Promise<void> {
  const batch = Array.from(
    { length: SEARCHES },
    (_, index) => faces[index % faces.length] ?? Buffer.alloc(0),
  );
  await concurrently(batch, AT_ONCE, (face) => client.library.search(face, [GROUP]));
}

function snapshot(platform: ProcessPlatform): Snapshot {
  return new Map(SERVICES.map((service) => [service, usageOf(platform.pidOf(service))]));
}

function usageOf(pid: number | undefined): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (field: string) =>
    Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
  // proc(5): utime and stime are the 14th and 15th field; the second, in brackets, may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { residentMb: megabytes('VmRSS'), peakMb: megabytes('VmHWM'), cpuSeconds: ticks / TICKS_PER_SECOND };
}

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

function rows(idle: Snapshot, beforePhotos: Snapshot, afterPhotos: Snapshot, afterSearches: Snapshot) {
  const cpu = (at: Snapshot, service: Service) => at.get(service)?.cpuSeconds ?? Number.NaN;
  const perJob = (from: Snapshot, to: Snapshot, service: Service, jobs: number) =>
    Math.round(((cpu(to, service) - cpu(from, service)) / jobs) * 10_000) / 10;
  return Object.fromEntries(
    SERVICES.map((service) => [
      service,
      {
        'idle MB': Math.round(idle.get(service)?.residentMb ?? Number.NaN),
        'peak MB': Math.round(afterSearches.get(service)?.peakMb ?? Number.NaN),
        'start, CPU s': Math.round(cpu(idle, service) * 10) / 10,
        'CPU ms a photo': perJob(beforePhotos, afterPhotos, service, PHOTOS),
        'CPU ms a search': perJob(afterPhotos, afterSearches, service, SEARCHES),
      },
    ]),
  );
}

void main();
