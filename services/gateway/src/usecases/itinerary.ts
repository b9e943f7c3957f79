import { STAGE_NAMES, type StageName } from '@mien/bus';
import { type FaceFeatures, type JobOptions, type LibraryTask, MaskedComparison } from '@mien/proto';

type Wanted = Pick<JobOptions, 'features' | 'compare' | 'qualityControl'> &
  Partial<Pick<JobOptions, 'library' | 'masked'>>;

/** Which stages each feature needs beyond the detector. */
const STAGES_OF_FEATURE: Readonly<Record<keyof FaceFeatures, readonly StageName[]>> = {
  landmarks: ['landmark'],
  mesh: ['landmark'],
  quality: ['landmark'],
  attributes: ['landmark', 'attributes'],
  liveness: ['landmark', 'liveness'],
  template: ['landmark', 'embedder'],
};

/** The stages that a job visits, in the order of the line. What nobody asked for is not computed. */
export function composeItinerary(options: Wanted): StageName[] {
  if (bringsTemplate(options.library)) {
    return ['library'];
  }
  const stages = new Set<StageName>(['detector']);
  const add = (feature: keyof FaceFeatures) => {
    for (const stage of STAGES_OF_FEATURE[feature]) {
      stages.add(stage);
    }
  };
  for (const feature of askedFeatures(options.features)) {
    add(feature);
  }
  if (options.compare) {
    add('template');
    if (options.masked === MaskedComparison.MASKED_COMPARISON_AUTO) {
      // Tells whether somebody wears a mask.
      add('attributes');
    }
  }
  if (options.qualityControl > 0) {
    add('quality');
  }
  if (options.library !== undefined) {
    add('template');
    stages.add('library');
  }
  return STAGE_NAMES.filter((stage) => stages.has(stage));
}

/** A task about a template leaves nothing to do for the stages that look at photos. */
function bringsTemplate(library: LibraryTask | undefined): boolean {
  const task = library?.task;
  return task !== undefined && 'face' in task.value && task.value.face?.$case === 'template';
}

function askedFeatures(features: FaceFeatures | undefined): (keyof FaceFeatures)[] {
  const all = Object.keys(STAGES_OF_FEATURE) as (keyof FaceFeatures)[];
  return features === undefined ? [] : all.filter((feature) => features[feature]);
}
