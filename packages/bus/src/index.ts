export { fileAllCredentials, serverUsers } from './access/all-users';
export { type FiledCredentials, fileCredentials } from './access/credentials';
export { rightsOf } from './access/permissions';
export type { Rights } from './access/rights';
export { renderUsers, type ServerUser, usersAsJson } from './access/server-users';
export { BUS_USERS, type BusUser, connectionName } from './access/users';
export { BucketView } from './buckets/bucket-view';
export { onBus, Shelf } from './buckets/shelf';
export {
  DUPLICATE_WINDOW_MS,
  type FaceData,
  LANES,
  type LaneName,
  OWN_MAX_PAYLOAD_BYTES,
  STAGE_CATALOG,
  STAGE_NAMES,
  type StageEntry,
  type StageName,
} from './catalog';
export { Bus, type BusOptions } from './connection';
export { type FiledLetter, listDeadLetters, redriveDeadLetter, showDeadLetter } from './dead/cemetery';
export { Undertaker, type UndertakerOptions } from './dead/undertaker';
export { Delivery } from './delivery';
export { JobClient, type JobClientOptions, type NewJob } from './job-client';
export type { JobHandler } from './job-run';
export { type LaneDepth, type LaneLoad, laneDepth, laneLoad } from './lane-depth';
export {
  AUDIT_STREAM,
  AUDIT_SUBJECTS,
  auditSubject,
  KEYS_BUCKET,
  SIGNATURES_BUCKET,
  USAGE_SUBJECT,
} from './names/access';
export {
  CANCELLED_SUBJECT,
  IDEMPOTENCY_BUCKET,
  JOB_WATCH_CONSUMER,
  JOBS_BUCKET,
  JOBS_STREAM,
  PHOTO_STAGES_SUBJECT,
  PLANNER_CONSUMER,
  RECORD_SUBJECTS,
  RESULTS_BUCKET,
  TASK_SUBJECTS,
  TASKS_STREAM,
} from './names/jobs';
export {
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
} from './names/notifications';
export { provision } from './provision/provision';
export { type ProvisionMode, type ProvisionOptions, type SetUp, setUpOn } from './provision/set-up';
export { bucketStream, type ConsumerPlan, type StreamPlan } from './provision/stream-plans';
export { Puller, type PullerOptions } from './puller';
export { endWithUs } from './server/end-with-us';
export { type BinarySearch, findNatsServer } from './server/find-binary';
export { type NatsServer, type NatsServerOptions, startNatsServer } from './server/nats-server';
export { createLineMetrics, type LineMetrics } from './telemetry/metrics';
export { StageWorker, type StageWorkerOptions } from './worker';
