import { CompareRequest, DetectResponse } from '@mien/proto';
import { Contract } from './openapi/contract';
import { canonicalJson, completeJson } from './proto-json';

const contract = Contract.load();
const compare = contract.message('mien.v1.CompareRequest');

describe('canonicalJson', () => {
  const canonical = {
    imageA: { url: 'https://a' },
    qualityControl: 2,
    selection: 'FACE_SELECTION_MOST_CONFIDENT',
  };

  it.each([
    ['as documented', canonical],
    [
      'with the names of the .proto',
      { image_a: { url: 'https://a' }, quality_control: 2, selection: 'FACE_SELECTION_MOST_CONFIDENT' },
    ],
    ['with an enum by number', { ...canonical, selection: 2 }],
    ['with a number as text', { ...canonical, qualityControl: '2' }],
    ['with null for what is not set', { ...canonical, imageB: null, detection: null }],
  ])('reads a request %s', (_, json) => {
    expect(canonicalJson(json, compare)).toEqual(canonical);
    expect(CompareRequest.fromJSON(canonicalJson(json, compare)).qualityControl).toBe(2);
  });

  it('leaves what it does not know for the schema to refuse', () => {
    const json = {
      image_c: 1,
      imageA: 'text',
      qualityControl: 'two',
      selection: 'BEST',
      detection: [],
      __proto__x: 1,
    };
    expect(canonicalJson(json, compare)).toEqual(json);
    expect(canonicalJson([1], compare)).toEqual([1]);
    expect(canonicalJson(JSON.parse('{"__proto__":{"a":1}}'), compare)).toHaveProperty(['__proto__'], {
      a: 1,
    });
  });

  it('refuses a field under both its names', () => {
    expect(() => canonicalJson({ image_a: {}, imageA: {} }, compare)).toThrow('imageA is given twice');
  });

  it.each(['AAA*', 'AAAAA', 'AA A', 'A===', 'data:image/png;base64,AAAA'])(
    'refuses %s as base64',
    (content) => {
      expect(() => canonicalJson({ imageA: { content } }, compare)).toThrow(
        expect.objectContaining({ reason: 'ARGUMENT_INVALID', metadata: { field: 'imageA.content' } }),
      );
    },
  );

  it.each(['', 'AA', 'AA==', '-_-_', '+/+/'])('takes %p as base64', (content) => {
    expect(canonicalJson({ imageA: { content } }, compare)).toEqual({ imageA: { content } });
  });
});

describe('completeJson', () => {
  it('shows zeros, false and empty lists, and floats without the noise of their 32 bits', () => {
    const response = DetectResponse.decode(
      DetectResponse.encode(
        DetectResponse.fromPartial({
          imageWidth: 640,
          faces: [
            {
              confidence: 0.9,
              box: { x: 0, y: 0.1, width: 100.25, height: 1 / 3 },
              liveness: { live: false },
            },
          ],
        }),
      ).finish(),
    );
    const json = completeJson(DetectResponse.toJSON(response), contract.message('mien.v1.DetectResponse'));
    expect(json).toEqual({
      imageWidth: 640,
      imageHeight: 0,
      faces: [
        {
          confidence: 0.9,
          box: { x: 0, y: 0.1, width: 100.25, height: 0.33333334 },
          mesh: [],
          alignment: [],
          liveness: { score: 0, live: false, threshold: 0, refusalReason: '' },
        },
      ],
    });
  });
});
