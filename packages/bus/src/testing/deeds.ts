import type { Deed } from './attempt';

const publish = (subject: string): Deed => ({ operation: 'publish', subject });
const subscribe = (subject: string): Deed => ({ operation: 'subscribe', subject });
const ask = (question: string): Deed => publish(`$JS.API.${question}`);

/** What the table of docs/security/nats.md tells of, as it is done. */
export const DEEDS: Readonly<Record<string, readonly Deed[]>> = {
  'take jobs of the detector': [
    ask('CONSUMER.MSG.NEXT.MIEN_DETECTOR.detector-interactive'),
    publish('$JS.ACK.MIEN_DETECTOR.detector-batch.1.7.7.1.0'),
  ],
  'take jobs of the library': [
    ask('CONSUMER.MSG.NEXT.MIEN_LIBRARY.library-interactive'),
    publish('$JS.ACK.MIEN_LIBRARY.library-batch.1.7.7.1.0'),
  ],
  'queue jobs for the detector': [publish('mien.work.detector.interactive')],
  'queue jobs for the embedder': [publish('mien.work.embedder.batch')],
  'queue jobs for the library': [publish('mien.work.library.interactive')],
  'listen to what is queued': [subscribe('mien.work.>')],
  "read messages of the detector's queue": [ask('STREAM.MSG.GET.MIEN_DETECTOR')],
  "read messages of the library's queue": [ask('STREAM.MSG.GET.MIEN_LIBRARY')],
  "make consumers on the library's queue": [
    ask('CONSUMER.CREATE.MIEN_LIBRARY.spy'),
    ask('CONSUMER.DURABLE.CREATE.MIEN_LIBRARY.spy'),
  ],
  'answer jobs': [publish('mien.reply.mien-gateway.client.job')],
  'hear answers to the gateway': [subscribe('mien.reply.mien-gateway.>')],
  'hear answers to the library': [subscribe('mien.reply.mien-library.>')],
  'hear what another is answered': [subscribe('_INBOX.mien-someone.>'), subscribe('_INBOX.>')],
  'bury a job of the detector': [publish('mien.dead.detector')],
  'read and put back dead letters': [ask('STREAM.MSG.GET.MIEN_DEAD'), ask('STREAM.MSG.DELETE.MIEN_DEAD')],
  'pretend that jobs are dead': [
    publish('$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.MIEN_DETECTOR.detector-batch'),
  ],
  'make and change streams': [ask('STREAM.CREATE.MIEN_DETECTOR'), ask('STREAM.UPDATE.MIEN_DETECTOR')],
  'empty or delete streams': [
    ask('STREAM.PURGE.MIEN_DETECTOR'),
    ask('STREAM.DELETE.MIEN_DETECTOR'),
    ask('STREAM.PURGE.MIEN_AUDIT'),
    ask('STREAM.DELETE.KV_mien_keys'),
  ],
  'write records, results and idempotency keys of jobs': [
    publish('$KV.mien_jobs.job.20260131.x'),
    publish('$KV.mien_job_results.x.0'),
    publish('$KV.mien_job_keys.x.y'),
  ],
  'read records and results of jobs': [
    ask('STREAM.MSG.GET.KV_mien_jobs'),
    ask('STREAM.MSG.GET.KV_mien_job_results'),
  ],
  'make consumers on records of jobs': [ask('CONSUMER.CREATE.KV_mien_jobs.spy.$KV.mien_jobs.>')],
  'hear of jobs that end': [ask('CONSUMER.MSG.NEXT.KV_mien_jobs.notifier')],
  'plan jobs': [
    ask('CONSUMER.MSG.NEXT.KV_mien_jobs.job-planner'),
    publish('$JS.ACK.KV_mien_jobs.job-planner.1.7.7.1.0'),
    publish('mien.tasks.batch.key'),
  ],
  'make consumers on tasks of jobs': [
    ask('CONSUMER.CREATE.MIEN_JOB_TASKS.mien-tasks-batch-key.mien.tasks.batch.key'),
  ],
  'take tasks of jobs': [
    ask('CONSUMER.MSG.NEXT.MIEN_JOB_TASKS.mien-tasks-batch-key'),
    subscribe('mien.tasks.*.*'),
  ],
  'tell of cancelled jobs': [publish('mien.jobs.cancelled')],
  'hear of cancelled jobs': [subscribe('mien.jobs.cancelled')],
  'tell where photos of jobs are': [publish('mien.jobs.stages')],
  'hear where photos of jobs are': [subscribe('mien.jobs.stages')],
  'tell of enrolments': [publish('mien.events.person.enrolled')],
  'tell of who was seen': [
    publish('mien.events.person.matched'),
    publish('mien.events.stranger.seen'),
    publish('mien.events.liveness.failed'),
  ],
  'tell of finished jobs': [publish('mien.events.job.finished')],
  'listen to events': [
    subscribe('mien.events.>'),
    ask('CONSUMER.MSG.NEXT.MIEN_EVENTS.mine'),
    publish('$JS.ACK.MIEN_EVENTS.mine.1.7.7.1.0'),
  ],
  'make consumers on events': [ask('CONSUMER.CREATE.MIEN_EVENTS.mine.mien.events.>')],
  'hold events against the rules': [ask('CONSUMER.MSG.NEXT.MIEN_EVENTS.notifier-rules')],
  "change the notifier's consumers": [
    ask('CONSUMER.CREATE.KV_mien_jobs.notifier.$KV.mien_jobs.>'),
    ask('CONSUMER.DELETE.KV_mien_jobs.notifier'),
    ask('CONSUMER.CREATE.MIEN_EVENTS.notifier-rules'),
    ask('CONSUMER.DELETE.MIEN_EVENTS.notifier-rules'),
  ],
  'read endpoints and rules': [ask('STREAM.MSG.GET.KV_mien_endpoints'), ask('STREAM.MSG.GET.KV_mien_rules')],
  'make consumers on endpoints and rules': [
    ask('CONSUMER.CREATE.KV_mien_endpoints.spy'),
    ask('CONSUMER.CREATE.KV_mien_rules.spy'),
  ],
  'make and change endpoints and rules': [publish('$KV.mien_endpoints.x'), publish('$KV.mien_rules.x')],
  'keep quiet periods': [publish('$KV.mien_quiet.x'), ask('STREAM.MSG.GET.KV_mien_quiet')],
  'queue callbacks': [publish('mien.callbacks.endpoint')],
  'make consumers on callbacks': [ask('CONSUMER.CREATE.MIEN_CALLBACKS.endpoint-x.mien.callbacks.x')],
  'take and drop callbacks': [
    ask('CONSUMER.MSG.NEXT.MIEN_CALLBACKS.endpoint-x'),
    ask('STREAM.PURGE.MIEN_CALLBACKS'),
  ],
  'bury callbacks': [publish('mien.dead-callbacks.endpoint')],
  'read and put back dead callbacks': [
    ask('STREAM.MSG.GET.MIEN_DEAD_CALLBACKS'),
    ask('STREAM.MSG.DELETE.MIEN_DEAD_CALLBACKS'),
  ],
  'read keys': [ask('STREAM.MSG.GET.KV_mien_keys')],
  'make consumers on keys': [ask('CONSUMER.CREATE.KV_mien_keys.spy')],
  'make and change keys': [publish('$KV.mien_keys.key')],
  'look up and write signatures that were taken': [
    ask('STREAM.MSG.GET.KV_mien_signatures'),
    publish('$KV.mien_signatures.x'),
  ],
  'make consumers on signatures that were taken': [ask('CONSUMER.CREATE.KV_mien_signatures.spy')],
  'tell gateways how keys are used, and hear it': [
    publish('mien.access.usage'),
    subscribe('mien.access.usage'),
  ],
  'write to the audit trail': [publish('mien.audit.key')],
  'read the audit trail': [ask('STREAM.MSG.GET.MIEN_AUDIT')],
  'make consumers on the audit trail': [ask('CONSUMER.CREATE.MIEN_AUDIT.spy')],
  'change the audit trail': [ask('STREAM.MSG.DELETE.MIEN_AUDIT'), ask('STREAM.PURGE.MIEN_AUDIT')],
  'have messages sent anywhere as they are': [
    ask('DIRECT.GET.KV_mien_keys.$KV.mien_keys.key'),
    ask('DIRECT.GET.KV_mien_quiet'),
    ask('DIRECT.GET.MIEN_DETECTOR'),
  ],
  'hear everything': [subscribe('>')],
};
