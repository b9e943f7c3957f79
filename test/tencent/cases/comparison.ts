import assert from 'node:assert/strict';
import { type Case, defaults, happy, limits, present, refuses } from '../case';
import { type Photo, refusesPhotos } from './photos';

function asB({ Image, Url }: Photo): { ImageB?: string; UrlB?: string } {
  return { ...(Image !== undefined && { ImageB: Image }), ...(Url !== undefined && { UrlB: Url }) };
}

export const COMPARISON: readonly Case[] = [
  happy('CompareFace', 'the same person scores above 50, others below', async ({ client, person, group }) => {
    const same = await client.CompareFace({ ImageA: person(0), ImageB: group, FaceMatchingStrategy: 1 });
    const other = await client.CompareFace({ ImageA: person(0), ImageB: person(5) });
    assert.ok(present(same.Score) > 60);
    assert.ok(present(other.Score) < 50);
  }),
  defaults('CompareFace', 'model 3.0, no quality control, the most confident face', async (world) => {
    const answer = await world.client.CompareFace({ UrlA: world.photoUrl, UrlB: world.photoUrl });
    assert.equal(answer.FaceModelVersion, '3.0');
    assert.equal(answer.Score, 100);
  }),
  limits('CompareFace', 'scores stay within 100', async ({ client, person }) => {
    assert.equal((await client.CompareFace({ ImageA: person(1), ImageB: person(1) })).Score, 100);
  }),
  refuses('CompareFace', 'InvalidParameterValue.QualityControlIllegal', 'level 5', ({ client, person }) =>
    client.CompareFace({ ImageA: person(0), ImageB: person(1), QualityControl: 5 }),
  ),
  refuses('CompareFace', 'InvalidParameterValue.FaceModelVersionIllegal', 'model 2.0', ({ client, person }) =>
    client.CompareFace({ ImageA: person(0), ImageB: person(1), FaceModelVersion: '2.0' }),
  ),
  refuses('CompareFace', 'FailedOperation.FaceQualityNotQualified', 'a blurred face', async (world) =>
    world.client.CompareFace({ ImageA: world.small, ImageB: world.group, QualityControl: 4 }),
  ),
  ...refusesPhotos('CompareFace', ({ client, group }, photo) =>
    client.CompareFace({ ImageA: group, ...asB(photo) }),
  ),

  happy(
    'CompareMaskFace',
    'the same person scores above 50, others below',
    async ({ client, person, group }) => {
      const same = await client.CompareMaskFace({ ImageA: person(0), ImageB: group });
      const other = await client.CompareMaskFace({ ImageA: person(0), ImageB: person(5) });
      assert.ok(present(same.Score) > 50);
      assert.ok(present(other.Score) < 50);
    },
  ),
  defaults('CompareMaskFace', 'model 3.0, no quality control', async ({ client, photoUrl }) => {
    const answer = await client.CompareMaskFace({ UrlA: photoUrl, UrlB: photoUrl });
    assert.equal(answer.FaceModelVersion, '3.0');
    assert.equal(answer.Score, 100);
  }),
  refuses(
    'CompareMaskFace',
    'InvalidParameterValue.QualityControlIllegal',
    'level -1',
    ({ client, person }) =>
      client.CompareMaskFace({ ImageA: person(0), ImageB: person(1), QualityControl: -1 }),
  ),
  refuses('CompareMaskFace', 'InvalidParameterValue.FaceModelVersionIllegal', 'model 2.0', (world) =>
    world.client.CompareMaskFace({ ImageA: world.group, ImageB: world.group, FaceModelVersion: '2.0' }),
  ),
  refuses('CompareMaskFace', 'FailedOperation.FaceQualityNotQualified', 'a blurred face', async (world) =>
    world.client.CompareMaskFace({ ImageA: world.small, ImageB: world.group, QualityControl: 4 }),
  ),
  ...refusesPhotos('CompareMaskFace', ({ client, group }, photo) =>
    client.CompareMaskFace({ ImageA: group, ...asB(photo) }),
  ),

  happy('DetectFaceSimilarity', 'the same person scores 70 and more', async ({ client, person }) => {
    const same = await client.DetectFaceSimilarity({ ImageA: person(0), ImageB: person(0) });
    const other = await client.DetectFaceSimilarity({ ImageA: person(0), ImageB: person(5) });
    assert.equal(same.Score, 100);
    assert.ok(present(other.Score) < 70);
  }),
  defaults('DetectFaceSimilarity', 'no quality control', async ({ client, person }) => {
    const answer = await client.DetectFaceSimilarity({ ImageA: person(0), ImageB: person(1) });
    assert.ok(present(answer.Score) >= 0);
  }),
  refuses('DetectFaceSimilarity', 'InvalidParameterValue.QualityControlIllegal', 'level 5', (world) =>
    world.client.DetectFaceSimilarity({ ImageA: world.group, ImageB: world.group, QualityControl: 5 }),
  ),
  refuses('DetectFaceSimilarity', 'FailedOperation.LifePhotoDetectFaces', 'three people', (world) =>
    world.client.DetectFaceSimilarity({ ImageA: world.person(0), ImageB: world.group }),
  ),
  refuses('DetectFaceSimilarity', 'FailedOperation.LifePhotoSizeError', 'a small face', (world) =>
    world.client.DetectFaceSimilarity({ ImageA: world.small, ImageB: world.person(0) }),
  ),
  ...refusesPhotos(
    'DetectFaceSimilarity',
    ({ client, person }, photo) => client.DetectFaceSimilarity({ ImageA: person(0), ...asB(photo) }),
    'FailedOperation.LifePhotoDetectNoFaces',
  ),

  happy('DetectLiveFace', 'a live person by the older client', async ({ older, group }) => {
    const answer = await older.DetectLiveFace({ Image: group });
    assert.equal(answer.IsLiveness, true);
    assert.ok(present(answer.Score) >= 87);
  }),
  defaults('DetectLiveFace', 'model 3.0', async ({ older, photoUrl }) => {
    assert.equal((await older.DetectLiveFace({ Url: photoUrl })).FaceModelVersion, '3.0');
  }),
  refuses(
    'DetectLiveFace',
    'InvalidParameterValue.FaceModelVersionIllegal',
    'model 2.0',
    ({ older, group }) => older.DetectLiveFace({ Image: group, FaceModelVersion: '2.0' }),
  ),
  refuses('DetectLiveFace', 'FailedOperation.FaceSizeTooSmall', 'a small face', ({ older, small }) =>
    older.DetectLiveFace({ Image: small }),
  ),
  ...refusesPhotos('DetectLiveFace', ({ older }, photo) => older.DetectLiveFace(photo)),

  happy('DetectLiveFaceAccurate', 'a live person scores 40 and more', async ({ client, group }) => {
    assert.ok(present((await client.DetectLiveFaceAccurate({ Image: group })).Score) >= 40);
  }),
  defaults('DetectLiveFaceAccurate', 'model 3.0', async ({ client, photoUrl }) => {
    assert.equal((await client.DetectLiveFaceAccurate({ Url: photoUrl })).FaceModelVersion, '3.0');
  }),
  refuses('DetectLiveFaceAccurate', 'InvalidParameterValue.FaceModelVersionIllegal', 'model 2.0', (world) =>
    world.client.DetectLiveFaceAccurate({ Image: world.group, FaceModelVersion: '2.0' }),
  ),
  refuses('DetectLiveFaceAccurate', 'FailedOperation.FaceSizeTooSmall', 'a small face', ({ client, small }) =>
    client.DetectLiveFaceAccurate({ Image: small }),
  ),
  ...refusesPhotos('DetectLiveFaceAccurate', ({ client }, photo) => client.DetectLiveFaceAccurate(photo)),
];
