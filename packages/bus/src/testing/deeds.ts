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
  'read keys': [ask('STREAM.MSG.GET.KV_mien_keys'), ask('DIRECT.GET.KV_mien_keys.$KV.mien_keys.key')],
  'make and change keys': [publish('$KV.mien_keys.key')],
  'hear everything': [subscribe('>')],
};
