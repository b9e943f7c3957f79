import { MienError } from '@mien/errors';
import type { FaceCandidates, Job, LibraryAnswer, Liveness, Photo } from '@mien/proto';
import { counter, histogram } from '@mien/telemetry';
import type { Meter } from '@opentelemetry/api';

/** Of gRPC: INVALID_ARGUMENT, FAILED_PRECONDITION. */
const ABOUT_THE_PHOTO: readonly number[] = [3, 9];

/** What the faces and answers are like, in numbers: where photos get worse, or models are changed, these drift. */
export type AnswerMetrics = ReturnType<typeof createAnswerMetrics>;

export function createAnswerMetrics(meter: Meter) {
  return {
    photos: counter(meter, 'photos'),
    faces: histogram(meter, 'facesPerPhoto'),
    quality: histogram(meter, 'qualityScore'),
    sharpness: histogram(meter, 'sharpnessScore'),
    brightness: histogram(meter, 'brightnessScore'),
    livenessScore: histogram(meter, 'livenessScore'),
    livenessChecks: counter(meter, 'livenessChecks'),
    similarity: histogram(meter, 'similarityScore'),
    searches: counter(meter, 'searches'),
  };
}

/** Counts what the line answered. Features that were not asked for are not there to be counted. */
export function countAnswer(job: Job, metrics: AnswerMetrics): void {
  for (const photo of job.photos) {
    countPhoto(photo, metrics);
  }
  if (job.similarity !== undefined) {
    metrics.similarity.record(job.similarity.score, { operation: 'compare' });
  }
  countLibraryAnswer(job.library?.answer, metrics);
}

/** Counts a photo that a job was refused for as a whole. Faults of ours, and of the network, are not its. */
export function countRefusal(error: unknown, { photos }: AnswerMetrics): void {
  if (error instanceof MienError && ABOUT_THE_PHOTO.includes(error.status)) {
    photos.add(1, { reason: error.reason });
  }
}

function countPhoto({ faces, problem }: Photo, metrics: AnswerMetrics): void {
  metrics.photos.add(1, { reason: problem?.reason ?? 'OK' });
  if (problem !== undefined) {
    return;
  }
  metrics.faces.record(faces.length, {});
  for (const { answer } of faces) {
    if (answer?.quality !== undefined) {
      metrics.quality.record(answer.quality.score, {});
      metrics.sharpness.record(answer.quality.sharpness, {});
      metrics.brightness.record(answer.quality.brightness, {});
    }
    if (answer?.liveness !== undefined) {
      countLiveness(answer.liveness, metrics);
    }
  }
}

function countLiveness({ score, live, refusalReason }: Liveness, metrics: AnswerMetrics): void {
  if (refusalReason !== '') {
    metrics.livenessChecks.add(1, { outcome: refusalReason });
    return;
  }
  metrics.livenessScore.record(score, {});
  metrics.livenessChecks.add(1, { outcome: live ? 'live' : 'not-live' });
}

function countLibraryAnswer(answer: LibraryAnswer['answer'], metrics: AnswerMetrics): void {
  if (answer?.$case === 'verifyPerson') {
    metrics.similarity.record(answer.value.score, { operation: 'verify' });
  }
  if (answer?.$case === 'search') {
    for (const result of answer.value.results) {
      countSearch(result, metrics);
    }
  }
}

function countSearch({ refusal, candidates, groups }: FaceCandidates, metrics: AnswerMetrics): void {
  if (refusal !== undefined) {
    metrics.searches.add(1, { outcome: refusal.reason });
    return;
  }
  const scores = [...candidates, ...groups.flatMap((group) => group.candidates)].map(({ score }) => score);
  metrics.searches.add(1, { outcome: scores.length === 0 ? 'nobody' : 'found' });
  if (scores.length > 0) {
    metrics.similarity.record(Math.max(...scores), { operation: 'search' });
  }
}
