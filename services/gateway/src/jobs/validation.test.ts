import { SubmitJobRequest } from '@mien/proto';
import { deadlineOf, validateSubmission } from './validation';

type Partial = Parameters<typeof SubmitJobRequest.fromPartial>[0];

const photo = { source: { $case: 'url', value: 'https://example.com/a.jpg' } } as const;
const detect = { $case: 'detect', value: {} } as const;
const validate = (request: Partial) => validateSubmission(SubmitJobRequest.fromPartial(request));

describe('a submission', () => {
  it.each<[string, Partial]>([
    ['one photo', { photos: [photo], work: detect }],
    ['a thousand', { photos: Array.from({ length: 1_000 }, () => photo), work: detect }],
    ['a photo that is none, which fails alone', { photos: [{ name: 'nothing' }, photo], work: detect }],
    ['a duplicate check', { work: { $case: 'duplicateCheck', value: { groupIds: ['a'] } } }],
    ['an album', { photos: [photo, photo, { ...photo, name: 'a' }], work: { $case: 'cluster', value: {} } }],
    [
      'enrolments',
      { photos: [{ ...photo, person: { id: 'ada' } }], work: { $case: 'enrol', value: { groupId: 'g' } } },
    ],
  ])('may be %s', (_, request) => {
    expect(() => validate(request)).not.toThrow();
  });

  it.each<[string, Partial]>([
    ['work', { photos: [photo] }],
    ['photos', { photos: [], work: detect }],
    ['photos', { photos: Array.from({ length: 1_001 }, () => photo), work: detect }],
    ['photos', { photos: [photo], work: { $case: 'duplicateCheck', value: { groupIds: ['a'] } } }],
    ['detect.image', { photos: [photo], work: { $case: 'detect', value: { image: photo } } }],
    [
      'detect.detection.max_faces',
      { photos: [photo], work: { $case: 'detect', value: { detection: { maxFaces: 121 } } } },
    ],
    [
      'check_liveness.threshold',
      { photos: [photo], work: { $case: 'checkLiveness', value: { threshold: 101 } } },
    ],
    ['search.group_ids', { photos: [photo], work: { $case: 'search', value: {} } }],
    ['enrol.group_id', { photos: [{ ...photo, person: { id: 'a' } }], work: { $case: 'enrol', value: {} } }],
    [
      'enrol.quality_control',
      {
        photos: [{ ...photo, person: { id: 'a' } }],
        work: { $case: 'enrol', value: { groupId: 'g', qualityControl: 5 } },
      },
    ],
    ['photos[1].person', { photos: [photo, { ...photo, person: { id: 'ada' } }], work: detect }],
    ['photos[0].person', { photos: [photo], work: { $case: 'enrol', value: { groupId: 'g' } } }],
    ['duplicate_check.group_ids', { work: { $case: 'duplicateCheck', value: {} } }],
    ['duplicate_check.id', { work: { $case: 'duplicateCheck', value: { groupIds: ['a'], id: 'x' } } }],
    ['photos[1].name', { photos: [{ ...photo, name: '1' }, photo], work: { $case: 'cluster', value: {} } }],
  ])('is refused for its %s', (field, request) => {
    expect(() => validate(request)).toThrow(
      expect.objectContaining({ reason: 'ARGUMENT_INVALID', metadata: expect.objectContaining({ field }) }),
    );
  });

  it('is refused with more bytes than it may have', () => {
    const large = (bytes: number) => ({ source: { $case: 'content', value: Buffer.alloc(bytes) } }) as const;
    expect(() => validate({ photos: [large(10 * 1_048_576 + 1)], work: detect })).toThrow(
      expect.objectContaining({ reason: 'IMAGE_TOO_LARGE' }),
    );
    const tenth = large(7 * 1_048_576);
    expect(() => validate({ photos: Array.from({ length: 10 }, () => tenth), work: detect })).toThrow(
      expect.objectContaining({ reason: 'IMAGE_TOO_LARGE' }),
    );
  });

  it('has a deadline within a day', () => {
    const now = Date.now();
    const at = (ms: number) =>
      deadlineOf(SubmitJobRequest.fromPartial({ deadline: new Date(now + ms) }), now);
    expect(deadlineOf(SubmitJobRequest.fromPartial({}), now).getTime()).toBe(now + 86_400_000);
    expect(at(1_000).getTime()).toBe(now + 1_000);
    expect(at(86_400_001).getTime()).toBe(now + 86_400_000);
    for (const wrong of [0, 999, 86_400_000 * 2, Number.NaN]) {
      expect(() => at(wrong)).toThrow(expect.objectContaining({ metadata: { field: 'deadline' } }));
    }
  });
});
