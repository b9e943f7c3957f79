import { LANES, STAGE_NAMES, type StageName } from '../catalog';
import { AUDIT_STREAM, AUDIT_SUBJECTS, KEYS_BUCKET, SIGNATURES_BUCKET, USAGE_SUBJECT } from '../names/access';
import {
  CANCELLED_SUBJECT,
  IDEMPOTENCY_BUCKET,
  JOB_WATCH_CONSUMER,
  JOBS_BUCKET,
  JOBS_STREAM,
  PHOTO_STAGES_SUBJECT,
  PLANNER_CONSUMER,
  RESULTS_BUCKET,
  TASK_SUBJECTS,
  TASKS_STREAM,
} from '../names/jobs';
import {
  CALLBACKS_STREAM,
  callbackSubject,
  DEAD_CALLBACKS_STREAM,
  deadCallbackSubject,
  ENDPOINTS_BUCKET,
  EVENT_SUBJECTS,
  EVENTS_STREAM,
  eventSubject,
  QUIET_BUCKET,
  RULES_BUCKET,
  RULES_CONSUMER,
} from '../names/notifications';
import {
  ADVISORY_STREAM,
  consumerOf,
  DEAD_STREAM,
  deadSubject,
  replySubjects,
  streamOf,
  undertakerOf,
  workSubject,
} from '../subjects';
import {
  all,
  mayAsk,
  mayConsume,
  mayFollow,
  mayNotTouch,
  mayPublish,
  mayRead,
  mayReadBucket,
  maySubscribe,
  mayUseBucket,
  type Rights,
} from './rights';
import { type BusUser, connectionName } from './users';

/** What every user needs: to see that JetStream is there, and an inbox that nobody else reads. */
function everybody(user: BusUser): Rights {
  return all(mayAsk('INFO'), maySubscribe(`_INBOX.${connectionName(user)}.>`));
}

/** To queue work for stages. */
function queues(stages: readonly StageName[]): Rights {
  return mayPublish(...stages.flatMap((stage) => LANES.map((lane) => workSubject(stage, lane))));
}

/** To get the answers to jobs of one's own. */
function isAnswered(user: BusUser): Rights {
  return maySubscribe(replySubjects(connectionName(user)));
}

/** A stage takes its own jobs, queues them for later stages, answers them, and buries those that are dead. */
function works(stage: StageName): Rights {
  const stream = streamOf(stage);
  const later = STAGE_NAMES.slice(STAGE_NAMES.indexOf(stage) + 1);
  return all(
    ...LANES.map((lane) => mayConsume(stream, consumerOf(stage, lane))),
    queues(later),
    mayPublish(replySubjects('*'), deadSubject(stage), PHOTO_STAGES_SUBJECT),
    maySubscribe(CANCELLED_SUBJECT),
    mayConsume(ADVISORY_STREAM, undertakerOf(stage)),
    mayAsk(`STREAM.MSG.GET.${stream}`, `STREAM.MSG.DELETE.${stream}`),
  );
}

/** To see how much waits before each stage, and since when. */
function seesQueues(): Rights {
  return all(
    ...STAGE_NAMES.map((stage) =>
      all(
        mayRead(streamOf(stage)),
        mayAsk(...LANES.map((lane) => `CONSUMER.INFO.${streamOf(stage)}.${consumerOf(stage, lane)}`)),
      ),
    ),
  );
}

/** To look through the dead letters and to take away what was put back into its queue. */
function handlesDeadLetters(): Rights {
  return all(mayRead(DEAD_STREAM), mayAsk(`STREAM.MSG.DELETE.${DEAD_STREAM}`));
}

/** To take jobs in, to plan them and to do them, each key's in turn. */
function runsJobs(): Rights {
  return all(
    mayReadBucket(JOBS_BUCKET),
    mayUseBucket(JOBS_BUCKET),
    mayUseBucket(RESULTS_BUCKET),
    mayUseBucket(IDEMPOTENCY_BUCKET),
    mayConsume(JOBS_STREAM, PLANNER_CONSUMER),
    mayNotTouch(JOBS_STREAM, JOB_WATCH_CONSUMER),
    // Each key's tasks have a consumer of their own.
    mayFollow(TASKS_STREAM),
    mayConsume(TASKS_STREAM, '*'),
    mayPublish(TASK_SUBJECTS, CANCELLED_SUBJECT),
    maySubscribe(TASK_SUBJECTS, CANCELLED_SUBJECT, PHOTO_STAGES_SUBJECT),
  );
}

/** To keep endpoints and rules, to tell of what was seen, and to put dead callbacks back. */
function notifies(): Rights {
  return all(
    mayReadBucket(ENDPOINTS_BUCKET),
    mayUseBucket(ENDPOINTS_BUCKET),
    mayReadBucket(RULES_BUCKET),
    mayUseBucket(RULES_BUCKET),
    tellsOf('person.matched', 'stranger.seen', 'liveness.failed'),
    mayRead(DEAD_CALLBACKS_STREAM),
    mayAsk(`STREAM.MSG.DELETE.${DEAD_CALLBACKS_STREAM}`),
    mayPublish(callbackSubject('*')),
  );
}

function tellsOf(...types: readonly string[]): Rights {
  return all(mayAsk(`STREAM.INFO.${EVENTS_STREAM}`), mayPublish(...types.map(eventSubject)));
}

/** To follow jobs and what was seen, and to call those who want to know. */
function callsBack(): Rights {
  return all(
    mayConsume(JOBS_STREAM, JOB_WATCH_CONSUMER),
    mayConsume(EVENTS_STREAM, RULES_CONSUMER),
    tellsOf('job.finished'),
    mayReadBucket(ENDPOINTS_BUCKET),
    mayReadBucket(RULES_BUCKET),
    mayUseBucket(QUIET_BUCKET),
    // Each endpoint's callbacks have a consumer of their own.
    mayFollow(CALLBACKS_STREAM),
    mayConsume(CALLBACKS_STREAM, '*'),
    mayAsk(`CONSUMER.LIST.${CALLBACKS_STREAM}`, `STREAM.PURGE.${CALLBACKS_STREAM}`),
    mayPublish(callbackSubject('*'), deadCallbackSubject('*')),
    mayAsk(`STREAM.INFO.${DEAD_CALLBACKS_STREAM}`),
  );
}

/** To hear of events, by consumers of one's own where none is to be missed. */
function listens(): Rights {
  return all(
    maySubscribe(EVENT_SUBJECTS),
    mayFollow(EVENTS_STREAM),
    mayConsume(EVENTS_STREAM, '*'),
    mayNotTouch(EVENTS_STREAM, RULES_CONSUMER),
  );
}

/** To keep keys and to hold callers to them, to take each signature once, to tell other gateways of their use, and to write and read the audit trail. */
function guardsAccess(): Rights {
  return all(
    mayReadBucket(KEYS_BUCKET),
    mayUseBucket(KEYS_BUCKET),
    mayUseBucket(SIGNATURES_BUCKET),
    mayPublish(USAGE_SUBJECT, AUDIT_SUBJECTS),
    maySubscribe(USAGE_SUBJECT),
    mayRead(AUDIT_STREAM),
    mayFollow(AUDIT_STREAM),
    mayAsk(`CONSUMER.MSG.NEXT.${AUDIT_STREAM}.*`),
  );
}

/**
 * To make streams, consumers and buckets and to change them, but not to empty or delete them. A consumer can be made
 * that reads, so its credentials belong to whoever sets the server up, and to no service.
 */
function provisions(): Rights {
  return mayAsk(
    'STREAM.INFO.*',
    'STREAM.CREATE.*',
    'STREAM.UPDATE.*',
    'CONSUMER.INFO.*.*',
    'CONSUMER.CREATE.>',
    'CONSUMER.DURABLE.CREATE.>',
    'CONSUMER.DELETE.*.*',
  );
}

const TABLE: Readonly<Record<BusUser, Rights>> = {
  detector: works('detector'),
  landmark: works('landmark'),
  attributes: works('attributes'),
  liveness: works('liveness'),
  embedder: works('embedder'),
  // Upgrades of the model put crops before the embedder.
  library: all(works('library'), queues(['embedder']), isAnswered('library'), tellsOf('person.enrolled')),
  gateway: all(
    queues(STAGE_NAMES),
    isAnswered('gateway'),
    seesQueues(),
    handlesDeadLetters(),
    runsJobs(),
    notifies(),
    guardsAccess(),
  ),
  notifier: callsBack(),
  listener: listens(),
  provisioner: provisions(),
  operator: all(mayPublish('>'), maySubscribe('>')),
};

/**
 * The subjects that a user may publish to and subscribe to: no more than its service needs. Who holds one service's
 * credentials can't read what others work on, nor take anything away.
 */
export function rightsOf(user: BusUser): Rights {
  return all(everybody(user), TABLE[user]);
}
