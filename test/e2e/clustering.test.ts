import { readFileSync } from 'node:fs';
import { type Platform, startInOneProcess } from '@mien/platform';
import { type ClusteredFace, type ClusterPhotosResponse, MienClient } from '@mien/sdk';
import { packagedPhotos } from '../photos/packaged';
import { singleFaces, variant } from '../photos/single-faces';
import { type TestSettings, testSettings } from './test-platform';

/** Further pictures of each person. */
const VARIANTS = 2;
/** One woman is in the first photo and in the third: their largest faces. */
const SAME_WOMAN = [0, 6] as const;

describe('an album sorted by person', () => {
  let settings: TestSettings;
  let platform: Platform;
  let client: MienClient;
  let album: { name: string; photo: Buffer }[];

  beforeAll(async () => {
    settings = await testSettings('clustering');
    platform = await startInOneProcess(settings.env);
    client = new MienClient(platform.grpcAddress, { timeoutMs: 170_000, retries: 0 });
    album = packagedPhotos().map(({ path }, index) => ({
      name: `group ${index}`,
      photo: readFileSync(path),
    }));
    for (const [person, picture] of (await singleFaces(client)).entries()) {
      for (let number = 0; number < VARIANTS; number++) {
        album.push({ name: `person ${person} ${number}`, photo: await variant(picture, 5 + 7 * number) });
      }
    }
  });
  afterAll(async () => {
    client?.close();
    await platform?.stop();
    await settings?.remove();
  });

  it('has every face of a person in one cluster, and no two people of a photo', async () => {
    const answer = await client.clusterPhotos(album);
    expect(answer.refused).toEqual([]);
    expect(answer.modelVersion).not.toBe('');
    const clusters = photosOfClusters(answer);
    for (const photos of people()) {
      expect(clusters).toContainEqual(expect.arrayContaining(photos));
    }
    for (const photos of clusters) {
      expect(photos).toEqual([...new Set(photos)]);
    }
  });

  it('has one cluster for each person, also who is in two photos, in whatever order these come', async () => {
    // Two women are so alike that the usual score takes them for one, and the eye is not sure.
    for (const photos of [album, album.toReversed()]) {
      const answer = await client.clusterPhotos(photos, { minimumScore: 60 });
      expect(photosOfClusters(answer)).toEqual(joined(people(), ...SAME_WOMAN).sort(byText));
      for (const { meanScore = 0, minimumScore = 100 } of answer.clusters.filter(
        (one) => one.faces.length > 1,
      )) {
        expect(minimumScore).toBeGreaterThan(60);
        expect(meanScore).toBeGreaterThanOrEqual(minimumScore);
      }
    }
  });

  it('answers over HTTP as well', async () => {
    const body = new FormData();
    for (const { name, photo } of album.slice(0, 2)) {
      body.append('image', new Blob([new Uint8Array(photo)]), name);
    }
    const answer = await fetch(`http://${platform.httpAddress}/v1/clusters`, { method: 'POST', body });
    const { clusters } = (await answer.json()) as ClusterPhotosResponse;
    expect(clusters.flatMap(({ faces }) => faces.map(({ photo }) => photo))).toEqual([
      ...Array(3).fill('group 0'),
      ...Array(3).fill('group 1'),
    ]);
  });
});

/** The photos of each person, sorted: the people of a group photo are numbered from its largest face on. */
function people(): string[][] {
  const groups = packagedPhotos().flatMap(({ people }, group) => Array<number>(people).fill(group));
  return groups.map((group, person) => [
    `group ${group}`,
    ...Array.from({ length: VARIANTS }, (_, number) => `person ${person} ${number}`),
  ]);
}

/** With those of two people as one. */
function joined(all: readonly string[][], first: number, second: number): string[][] {
  const both = [...(all[first] ?? []), ...(all[second] ?? [])].sort();
  return [both, ...all.filter((_, person) => person !== first && person !== second)];
}

/** The photos of each cluster, sorted. Pictures of one person may show a neighbour too: their largest face counts. */
function photosOfClusters({ clusters }: ClusterPhotosResponse): string[][] {
  const size = (face: ClusteredFace) => (face.box?.width ?? 0) * (face.box?.height ?? 0);
  const largest = new Map<string, ClusteredFace>();
  for (const face of clusters.flatMap(({ faces }) => faces)) {
    if (size(face) > size(largest.get(face.photo) ?? face) || !largest.has(face.photo)) {
      largest.set(face.photo, face);
    }
  }
  const counts = (face: ClusteredFace) => face.photo.startsWith('group') || largest.get(face.photo) === face;
  return clusters
    .map(({ faces }) =>
      faces
        .filter(counts)
        .map(({ photo }) => photo)
        .sort(),
    )
    .filter((photos) => photos.length > 0)
    .sort(byText);
}

function byText(a: readonly string[], b: readonly string[]): number {
  return a.join() < b.join() ? -1 : 1;
}
