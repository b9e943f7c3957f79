import { FaceFeatures, MaskedComparison } from '@mien/proto';
import { composeItinerary } from './itinerary';

type Case = [
  asked: string,
  features: Partial<FaceFeatures>,
  rest: { compare?: true; qualityControl?: number; masked?: MaskedComparison },
  stages: string,
];

const CASES: Case[] = [
  ['nothing but boxes', {}, {}, 'detector'],
  ['landmarks', { landmarks: true }, {}, 'detector landmark'],
  ['mesh', { mesh: true }, {}, 'detector landmark'],
  ['quality', { quality: true }, {}, 'detector landmark'],
  ['attributes', { attributes: true }, {}, 'detector landmark attributes'],
  ['liveness', { liveness: true }, {}, 'detector landmark liveness'],
  ['template', { template: true }, {}, 'detector landmark embedder'],
  ['quality control alone', {}, { qualityControl: 1 }, 'detector landmark'],
  ['a comparison', {}, { compare: true }, 'detector landmark embedder'],
  [
    'a comparison with quality control',
    {},
    { compare: true, qualityControl: 4 },
    'detector landmark embedder',
  ],
  [
    'a comparison by what masks leave free',
    {},
    { compare: true, masked: MaskedComparison.MASKED_COMPARISON_ON },
    'detector landmark embedder',
  ],
  [
    'a comparison that depends on masks',
    {},
    { compare: true, masked: MaskedComparison.MASKED_COMPARISON_AUTO },
    'detector landmark attributes embedder',
  ],
  [
    'everything',
    { landmarks: true, mesh: true, quality: true, attributes: true, liveness: true, template: true },
    {},
    'detector landmark attributes liveness embedder',
  ],
  [
    'template and attributes, in the order of the line',
    { template: true, attributes: true },
    {},
    'detector landmark attributes embedder',
  ],
];

describe('composeItinerary', () => {
  it.each(CASES)('visits for %s only what it needs', (_, features, rest, stages) => {
    const options = {
      features: FaceFeatures.fromPartial(features),
      compare: false,
      qualityControl: 0,
      ...rest,
    };
    expect(composeItinerary(options).join(' ')).toBe(stages);
  });

  it('takes features that were not given for none', () => {
    expect(composeItinerary({ features: undefined, compare: false, qualityControl: 0 })).toEqual([
      'detector',
    ]);
  });
});
