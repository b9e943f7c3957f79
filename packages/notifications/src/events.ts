import {
  JobFinishedEvent,
  LivenessFailedEvent,
  PersonEnrolledEvent,
  PersonMatchedEvent,
  StrangerSeenEvent,
  type SubmittedJob,
} from '@mien/proto';
import type { CloudEvent, EventType } from './cloud-event';

const LIBRARY = '/mien/library';
const GATEWAY = '/mien/gateway';
const JOBS = '/mien/jobs';

/** What is told with every event. */
interface Happening {
  /** Unlike any other of its source; the same when the same is told again. */
  readonly id: string;
  readonly at: Date;
}

/** A face of a person is in the library now. */
export function personEnrolled(
  enrolled: Pick<PersonEnrolledEvent, 'personId' | 'faceId' | 'groupIds' | 'createdPerson'>,
  at: Date,
): CloudEvent {
  const data = PersonEnrolledEvent.toJSON(enrolled);
  const id = `face-${enrolled.faceId}`;
  return event('person.enrolled', LIBRARY, { id, at }, data, enrolled.personId);
}

/** A face seen by a source is somebody of the searched groups. */
export function personMatched(seen: Omit<PersonMatchedEvent, 'seenAt'>, happening: Happening): CloudEvent {
  const score = shortened(seen.score);
  const data = PersonMatchedEvent.toJSON({ ...seen, score, seenAt: happening.at });
  return event('person.matched', GATEWAY, happening, data, seen.personId);
}

/** A face seen by a source is nobody of the searched groups. */
export function strangerSeen(seen: Omit<StrangerSeenEvent, 'seenAt'>, happening: Happening): CloudEvent {
  const data = StrangerSeenEvent.toJSON({ ...seen, seenAt: happening.at });
  return event('stranger.seen', GATEWAY, happening, data);
}

/** The face of a photo was not taken for a live person. */
export function livenessFailed(seen: Omit<LivenessFailedEvent, 'seenAt'>, happening: Happening): CloudEvent {
  const score = shortened(seen.score);
  const data = LivenessFailedEvent.toJSON({ ...seen, score, seenAt: happening.at });
  return event('liveness.failed', GATEWAY, happening, data);
}

/** A job has reached a final state; for the `attempt`-th time when dead jobs were driven again. */
export function jobFinished(job: SubmittedJob, attempt: number): CloudEvent {
  const happening = { id: `job-${job.id}-${attempt}`, at: job.endedAt ?? new Date() };
  return event('job.finished', JOBS, happening, JobFinishedEvent.toJSON({ job }), job.id);
}

function event(
  type: EventType,
  source: string,
  { id, at }: Happening,
  data: unknown,
  subject?: string,
): CloudEvent {
  return {
    specversion: '1.0',
    id,
    source,
    type,
    ...(subject === undefined ? {} : { subject }),
    time: at.toISOString(),
    datacontenttype: 'application/json',
    data,
  };
}

/** A 32-bit float as text without digits that it does not have. */
function shortened(value: number): number {
  return Number(value.toPrecision(7));
}
