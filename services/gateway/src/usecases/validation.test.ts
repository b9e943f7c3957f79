import { CheckLivenessRequest, CompareRequest, DetectRequest } from '@mien/proto';
import { validateCheckLiveness, validateCompare, validateDetect } from './validation';

const detection = (maxFaces: number, minFaceSize: number) => ({ detection: { maxFaces, minFaceSize } });

describe('validation', () => {
  it.each([
    ['no options', {}],
    ['defaults', detection(0, 0)],
    ['the least', detection(1, 20)],
    ['the most', detection(120, 4000)],
  ])('takes a detection with %s', (_, partial) => {
    expect(() => validateDetect(DetectRequest.fromPartial(partial))).not.toThrow();
  });

  it.each([
    ['detection.max_faces', detection(121, 0)],
    ['detection.max_faces', detection(-1, 0)],
    ['detection.min_face_size', detection(0, 19)],
    ['detection.min_face_size', detection(0, 4001)],
    ['detection.min_face_size', detection(0, Number.NaN)],
  ])('names %s of every request that has it', (field, partial) => {
    const refusal = expect.objectContaining({
      reason: 'ARGUMENT_INVALID',
      metadata: expect.objectContaining({ field }),
    });
    expect(() => validateDetect(DetectRequest.fromPartial(partial))).toThrow(refusal);
    expect(() => validateCompare(CompareRequest.fromPartial(partial))).toThrow(refusal);
    expect(() => validateCheckLiveness(CheckLivenessRequest.fromPartial(partial))).toThrow(refusal);
  });

  it.each([0, 1, 4])('takes quality control %d', (qualityControl) => {
    expect(() => validateCompare(CompareRequest.fromPartial({ qualityControl }))).not.toThrow();
  });

  it.each([5, 4_294_967_295])('refuses quality control %d', (qualityControl) => {
    expect(() => validateCompare(CompareRequest.fromPartial({ qualityControl }))).toThrow(
      expect.objectContaining({ metadata: { field: 'quality_control', minimum: '0', maximum: '4' } }),
    );
  });

  it.each([undefined, 0, 42.5, 100])('takes the liveness threshold %p', (threshold) => {
    const request = { ...CheckLivenessRequest.fromPartial({}), threshold };
    expect(() => validateCheckLiveness(request)).not.toThrow();
  });

  it.each([-0.1, 100.1, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses the liveness threshold %p',
    (threshold) => {
      expect(() => validateCheckLiveness(CheckLivenessRequest.fromPartial({ threshold }))).toThrow(
        expect.objectContaining({ reason: 'ARGUMENT_INVALID' }),
      );
    },
  );
});
