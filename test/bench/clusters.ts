import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClusterPhotosResponse, MienClient } from '@mien/sdk';
import { lfwFolder, readPeople } from '../photos/lfw';
import { type Agreement, bCubedAgreement, type ClusteredItem, pairwiseAgreement } from './clusters/agreement';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';
import { nearestToCentre } from './lfw/central-face';
import { mienUp } from './platform/mien-up';
import { rounded } from './statistics';

const GOAL = { precision: 0.99, recall: 0.95 } as const;
/** The default score was chosen on every third person with several photos from the first on; these are the next ones. */
const [EVERY, FROM] = [3, 1];
const MOST_PHOTOS_OF_A_PERSON = 30;
/** Photos of people with several; as many as an album may have, with those of people with one. */
const [PHOTOS, SINGLE_PHOTOS] = [850, 150];
const TIMEOUT_MS = 600_000;

export const benchmark: Benchmark = {
  name: 'clusters',
  goal:
    `an album of ${PHOTOS + SINGLE_PHOTOS} photos of LFW at the default score, ${SINGLE_PHOTOS} of them of people who ` +
    `are in no other: pairwise precision ${GOAL.precision} or more at a recall of ${GOAL.recall} or more`,
  async run(context) {
    const folder = lfwFolder(process.env['LFW_DIR']);
    const settings = { MIEN_LOG_LEVEL: 'error', MIEN_GATEWAY_MAX_TIMEOUT_MS: String(TIMEOUT_MS) };
    const platform = await mienUp(settings);
    const client = new MienClient(platform.grpcAddress, { timeoutMs: TIMEOUT_MS });
    try {
      return await measure(client, folder, context);
    } finally {
      client.close();
      await platform.stop();
    }
  },
};

async function measure(client: MienClient, folder: string, context: BenchmarkContext): Promise<Outcome> {
  const personOf = albumOf(folder);
  const started = performance.now();
  const answer = await client.clusterPhotos(sent([...personOf.keys()], folder, context));
  const seconds = (performance.now() - started) / 1000;
  const items = centralFaces(answer, personOf);
  const [pairwise, bCubed] = [pairwiseAgreement(items), bCubedAgreement(items)];
  const faces = answer.clusters.reduce((sum, cluster) => sum + cluster.faces.length, 0);
  const persons = new Set(personOf.values()).size;
  const clusters = new Set(items.map(({ cluster }) => cluster)).size;
  context.print(`${personOf.size} photos, ${faces} faces, in ${seconds.toFixed(0)} s`);
  context.print(`the face at each photo's centre: ${persons} persons in ${clusters} clusters`);
  context.print(`pairwise: ${told(pairwise)}`);
  context.print(`B-cubed:  ${told(bCubed)}`);
  return {
    pass: items.length > 0 && pairwise.precision >= GOAL.precision && pairwise.recall >= GOAL.recall,
    figures: {
      photos: personOf.size,
      persons,
      clusters,
      pairwise: short(pairwise),
      bCubed: short(bCubed),
      seconds: rounded(seconds, 1),
    },
  };
}

/** Who each photo of the album shows. */
function albumOf(folder: string): ReadonlyMap<string, string> {
  const people = readPeople(folder);
  const several = people.filter(({ photos }) => photos.length > 1);
  const named = several
    .filter((_, index) => index % EVERY === FROM)
    .flatMap(({ name, photos }) =>
      photos.slice(0, MOST_PHOTOS_OF_A_PERSON).map((photo) => [photo, name] as const),
    );
  const singles = people
    .filter(({ photos }) => photos.length === 1)
    .slice(-SINGLE_PHOTOS)
    .flatMap(({ name, photos }) => photos.map((photo) => [photo, name] as const));
  return new Map([...named.slice(0, PHOTOS), ...singles]);
}

async function* sent(photos: readonly string[], folder: string, { progress }: BenchmarkContext) {
  for (const [index, name] of photos.entries()) {
    yield { name, photo: await readFile(join(folder, name)) };
    progress('sent', index + 1, photos.length);
  }
}

/** Of each photo the face that it is named after; bystanders count for nothing. */
function centralFaces(
  { clusters }: ClusterPhotosResponse,
  personOf: ReadonlyMap<string, string>,
): ClusteredItem[] {
  const all = clusters.flatMap(({ faces }, cluster) =>
    faces.flatMap(({ photo, box }) => (box ? [{ photo, box, cluster }] : [])),
  );
  return [...personOf].flatMap(([photo, person]) => {
    const central = nearestToCentre(
      all.filter((face) => face.photo === photo),
      ({ box }) => box,
    );
    return central ? [{ person, cluster: central.cluster }] : [];
  });
}

function told({ precision, recall, f1 }: Agreement): string {
  const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
  return `precision ${percent(precision)}, recall ${percent(recall)}, F1 ${percent(f1)}`;
}

function short({ precision, recall, f1 }: Agreement): Agreement {
  return { precision: rounded(precision, 4), recall: rounded(recall, 4), f1: rounded(f1, 4) };
}
