import assert from 'node:assert/strict';
import { type Case, defaults, happy, limits, present, refuses } from '../case';
import { blank, type World } from '../world';
import { refusesPhotos } from './photos';

const POINTS = {
  FaceProfile: 21,
  LeftEye: 8,
  RightEye: 8,
  LeftEyeBrow: 8,
  RightEyeBrow: 8,
  Mouth: 22,
  Nose: 13,
  LeftPupil: 1,
  RightPupil: 1,
} as const;

/** The one of the first people who holds the head straightest. */
async function upright({ client, person }: World): Promise<string> {
  const tilted = await Promise.all(
    Array.from({ length: 9 }, async (_, number) => {
      const { FaceInfos } = await client.DetectFace({ Image: person(number), NeedFaceAttributes: 1 });
      const { Roll, Yaw } = present(FaceInfos?.[0]?.FaceAttributesInfo);
      return { number, tilt: Math.abs(present(Roll)) + Math.abs(present(Yaw)) };
    }),
  );
  const [straightest] = tilted.sort((a, b) => a.tilt - b.tilt);
  return person(present(straightest).number);
}

export const ANALYSIS: readonly Case[] = [
  happy('DetectFace', 'all faces of a photo, largest first, with attributes and quality', async (world) => {
    const answer = await world.client.DetectFace({
      Image: world.group,
      MaxFaceNum: 10,
      NeedFaceAttributes: 1,
      NeedQualityDetection: 1,
    });
    const faces = present(answer.FaceInfos);
    assert.equal(faces.length, 3);
    const areas = faces.map(({ Width, Height }) => present(Width) * present(Height));
    assert.deepEqual(
      areas,
      [...areas].sort((a, b) => b - a),
    );
    for (const { FaceAttributesInfo: attributes, FaceQualityInfo: quality } of faces) {
      const { Gender, Age, Pitch, Hair, EyeOpen } = present(attributes);
      assert.ok(present(Gender) >= 0 && present(Gender) <= 100);
      assert.ok(present(Age) > 5);
      assert.ok(Math.abs(present(Pitch)) <= 30);
      assert.ok([0, 1].includes(present(present(Hair).Bang)));
      assert.equal(typeof EyeOpen, 'boolean');
      assert.ok(present(present(quality).Score) > 0);
      assert.ok(present(present(present(quality).Completeness).Eye) > 0);
    }
    assert.match(present(answer.RequestId), /^[0-9a-f-]{36}$/);
  }),
  happy('DetectFace', 'by address, which counts when both are given', async (world) => {
    const answer = await world.client.DetectFace({
      Image: world.blank,
      Url: world.photoUrl,
      MaxFaceNum: 120,
    });
    assert.equal(answer.FaceInfos?.length, 3);
  }),
  defaults('DetectFace', 'one face, of 34 pixels or more, nothing judged, model 3.0', async (world) => {
    const answer = await world.client.DetectFace({ Image: world.group });
    const [face, ...others] = present(answer.FaceInfos);
    assert.equal(others.length, 0);
    assert.equal(answer.FaceModelVersion, '3.0');
    assert.equal(face?.FaceAttributesInfo?.Age, 0);
    assert.equal(face?.FaceQualityInfo?.Score, 0);
    const code = await world.client.DetectFace({ Image: world.small }).catch(({ code: told }) => told);
    assert.equal(code, 'FailedOperation.FaceSizeTooSmall');
    assert.equal(
      (await world.client.DetectFace({ Image: world.small, MinFaceSize: 20 })).FaceInfos?.length,
      1,
    );
  }),
  limits('DetectFace', '120 faces are the most', async (world) => {
    assert.equal(
      (await world.client.DetectFace({ Image: world.group, MaxFaceNum: 120 })).FaceInfos?.length,
      3,
    );
  }),
  refuses(
    'DetectFace',
    'LimitExceeded.ErrorFaceNumExceed',
    '121 faces',
    ({ client, group }) => client.DetectFace({ Image: group, MaxFaceNum: 121 }),
    'limits',
  ),
  refuses('DetectFace', 'InvalidParameter.InvalidParameter', 'another minimum size', ({ client, group }) =>
    client.DetectFace({ Image: group, MinFaceSize: 30 }),
  ),
  refuses('DetectFace', 'InvalidParameterValue.FaceModelVersionIllegal', 'model 2.0', ({ client, group }) =>
    client.DetectFace({ Image: group, FaceModelVersion: '2.0' }),
  ),
  refuses(
    'DetectFace',
    'FailedOperation.ImageResolutionExceed',
    'a JPEG of 4001 pixels',
    async ({ client }) => client.DetectFace({ Image: (await blank(4001, 100)).toString('base64') }),
    'limits',
  ),
  refuses('DetectFace', 'FailedOperation.FaceSizeTooSmall', 'a small face', ({ client, small }) =>
    client.DetectFace({ Image: small }),
  ),
  ...refusesPhotos('DetectFace', ({ client }, photo) => client.DetectFace(photo)),

  happy('DetectFaceAttributes', 'what was asked for, in any order and case', async (world) => {
    const answer = await world.client.DetectFaceAttributes({
      Image: world.group,
      FaceAttributesType: 'smile,GENDER, Hair,Eye,mask,Headpose,Age,Mouth,Hat,Moustache,Emotion,Beauty',
    });
    const [face] = present(answer.FaceDetailInfos);
    const info = present(face?.FaceDetailAttributesInfo);
    assert.ok([0, 1].includes(present(info.Gender?.Type)));
    assert.ok(present(info.Gender?.Probability) > 0.5);
    assert.ok(present(info.Emotion?.Type) >= 0 && present(info.Emotion?.Type) <= 6);
    assert.equal(info.Mask?.Type, 0);
    assert.ok([0, 1, 2].includes(present(info.Eye?.Glass?.Type)));
    assert.ok([0, 1].includes(present(info.Eye?.EyeOpen?.Type)));
    assert.ok([0, 1].includes(present(info.Hair?.Bang?.Type)));
    assert.ok(present(face?.FaceRect?.Width) > 34);
  }),
  happy('DetectFaceAttributes', 'polarities are the other way round than in DetectFace', async (world) => {
    const [attributes, detected] = await Promise.all([
      world.client.DetectFaceAttributes({ Image: world.group, FaceAttributesType: 'Gender,Hair,Eye' }),
      world.client.DetectFace({ Image: world.group, NeedFaceAttributes: 1 }),
    ]);
    const detailed = present(attributes.FaceDetailInfos?.[0]?.FaceDetailAttributesInfo);
    const plain = present(detected.FaceInfos?.[0]?.FaceAttributesInfo);
    assert.equal(detailed.Gender?.Type, present(plain.Gender) >= 50 ? 0 : 1);
    assert.equal(detailed.Hair?.Bang?.Type, plain.Hair?.Bang === 0 ? 1 : 0);
    assert.equal(detailed.Hair?.Color?.Type, plain.Hair?.Color);
    assert.equal(detailed.Eye?.EyeOpen?.Type, plain.EyeOpen ? 0 : 1);
  }),
  defaults('DetectFaceAttributes', 'no attributes, one face; what is not judged says so', async (world) => {
    const answer = await world.client.DetectFaceAttributes({ Image: world.group });
    assert.equal(answer.FaceDetailInfos?.length, 1);
    const info = present(answer.FaceDetailInfos?.[0]?.FaceDetailAttributesInfo);
    assert.deepEqual(info.Gender, { Type: -1, Probability: 0 });
    const asked = await world.client.DetectFaceAttributes({
      Image: world.group,
      FaceAttributesType: 'Skin,Nose,Shape,Eyebrow',
    });
    assert.deepEqual(asked.FaceDetailInfos?.[0]?.FaceDetailAttributesInfo?.Skin, {
      Type: -1,
      Probability: 0,
    });
  }),
  refuses(
    'DetectFaceAttributes',
    'LimitExceeded.ErrorFaceNumExceed',
    '121 faces',
    ({ client, group }) => client.DetectFaceAttributes({ Image: group, MaxFaceNum: 121 }),
    'limits',
  ),
  refuses(
    'DetectFaceAttributes',
    'InvalidParameter.InvalidParameter',
    'an unknown type',
    ({ client, group }) => client.DetectFaceAttributes({ Image: group, FaceAttributesType: 'Ears' }),
  ),
  refuses(
    'DetectFaceAttributes',
    'InvalidParameterValue.FaceModelVersionIllegal',
    'model 2.0',
    ({ client, group }) => client.DetectFaceAttributes({ Image: group, FaceModelVersion: '2.0' }),
  ),
  ...refusesPhotos('DetectFaceAttributes', ({ client }, photo) => client.DetectFaceAttributes(photo)),

  happy('AnalyzeFace', '90 points, in the order that is documented', async (world) => {
    const answer = await world.client.AnalyzeFace({ Image: await upright(world), Mode: 1 });
    const [shape, ...others] = present(answer.FaceShapeSet);
    assert.equal(others.length, 0);
    for (const [group, count] of Object.entries(POINTS)) {
      assert.equal(present(shape)[group as keyof typeof POINTS]?.length, count, group);
    }
    const { LeftEye, RightEye, FaceProfile, Mouth } = present(shape);
    assert.ok(present(LeftEye?.[0]?.X) < present(LeftEye?.[4]?.X), 'outer corner first');
    assert.ok(present(RightEye?.[0]?.X) > present(RightEye?.[4]?.X), 'outer corner first');
    assert.ok(present(LeftEye?.[4]?.X) < present(RightEye?.[4]?.X), 'left in the picture');
    const lowest = Math.max(...present(FaceProfile).map((point) => present(point.Y)));
    const highest = Math.min(...present(FaceProfile).map((point) => present(point.Y)));
    const above = (lowest - present(FaceProfile?.[10]?.Y)) / (lowest - highest);
    assert.ok(above < 0.1, `point 10 is the chin: ${above}`);
    assert.ok(present(Mouth?.[3]?.Y) > present(Mouth?.[9]?.Y), 'lower lip first');
  }),
  defaults('AnalyzeFace', 'all faces', async (world) => {
    const answer = await world.client.AnalyzeFace({ Image: world.group });
    assert.equal(answer.FaceShapeSet?.length, 3);
    assert.equal(answer.FaceModelVersion, '3.0');
  }),
  limits('AnalyzeFace', 'ten faces are the most', async (world) => {
    assert.equal((await world.client.AnalyzeFace({ Url: world.photoUrl })).FaceShapeSet?.length, 3);
  }),
  refuses('AnalyzeFace', 'InvalidParameter.InvalidParameter', 'mode 2', ({ client, group }) =>
    client.AnalyzeFace({ Image: group, Mode: 2 }),
  ),
  refuses('AnalyzeFace', 'InvalidParameterValue.FaceModelVersionIllegal', 'model 2.0', ({ client, group }) =>
    client.AnalyzeFace({ Image: group, FaceModelVersion: '2.0' }),
  ),
  ...refusesPhotos('AnalyzeFace', ({ client }, photo) => client.AnalyzeFace(photo)),

  happy('AnalyzeDenseLandmarks', 'outlines from the left, anticlockwise', async (world) => {
    const answer = await world.client.AnalyzeDenseLandmarks({ Image: await upright(world), Mode: 1 });
    const [shape] = present(answer.DenseFaceShapeSet);
    const { X, Width, MouthOutside, MouthInside, LeftEye, RightEye, LeftPupil, CentralAxis, Forehead, Chin } =
      present(shape);
    assert.ok(present(Width) > 34);
    for (const outline of [MouthOutside, MouthInside, LeftEye, RightEye].map((points) => present(points))) {
      const [first, second] = outline;
      assert.ok(
        outline.every((point) => present(point.X) >= present(first?.X) - 0.02 * present(Width)),
        'begins on the left',
      );
      const last = present(outline.at(-1));
      assert.ok(present(second?.Y) >= present(last.Y), 'goes on below');
    }
    assert.ok(present(LeftPupil?.[0]?.X) > present(X));
    const axis = present(CentralAxis).map((point) => present(point.Y));
    assert.ok(present(axis.at(-1)) > present(axis[0]), 'from forehead to chin');
    assert.ok(present(Forehead?.[0]?.Y) < present(Chin?.[0]?.Y));
  }),
  defaults('AnalyzeDenseLandmarks', 'all faces', async (world) => {
    const answer = await world.client.AnalyzeDenseLandmarks({ Image: world.group });
    assert.equal(answer.DenseFaceShapeSet?.length, 3);
    assert.equal(answer.FaceModelVersion, '3.0');
  }),
  limits('AnalyzeDenseLandmarks', 'five faces are the most', async (world) => {
    assert.equal(
      (await world.client.AnalyzeDenseLandmarks({ Url: world.photoUrl })).DenseFaceShapeSet?.length,
      3,
    );
  }),
  refuses('AnalyzeDenseLandmarks', 'InvalidParameter.InvalidParameter', 'mode -1', ({ client, group }) =>
    client.AnalyzeDenseLandmarks({ Image: group, Mode: -1 }),
  ),
  refuses(
    'AnalyzeDenseLandmarks',
    'InvalidParameterValue.FaceModelVersionIllegal',
    'model 2.0',
    ({ client, group }) => client.AnalyzeDenseLandmarks({ Image: group, FaceModelVersion: '2.0' }),
  ),
  ...refusesPhotos('AnalyzeDenseLandmarks', ({ client }, photo) => client.AnalyzeDenseLandmarks(photo)),
];
