import { keySubjects, streamOfBucket } from '../names/buckets';
import { matchesSubject } from './subject-match';

/** Subjects that a user of NATS may publish to and subscribe to; nothing else. */
export interface Rights {
  readonly publish: readonly string[];
  /** Exceptions from those. */
  readonly neverPublish: readonly string[];
  readonly subscribe: readonly string[];
}

const NONE: Rights = { publish: [], neverPublish: [], subscribe: [] };

/** Whether rights have one to publish to a subject. */
export function isAllowedToPublish({ publish, neverPublish }: Rights, subject: string): boolean {
  const among = (patterns: readonly string[]) => patterns.some((pattern) => matchesSubject(pattern, subject));
  return among(publish) && !among(neverPublish);
}

/** What several rights come to, each subject once. */
export function all(...rights: readonly Rights[]): Rights {
  return {
    publish: unique(rights.flatMap(({ publish }) => publish)),
    neverPublish: unique(rights.flatMap(({ neverPublish }) => neverPublish)),
    subscribe: unique(rights.flatMap(({ subscribe }) => subscribe)),
  };
}

export function mayPublish(...subjects: readonly string[]): Rights {
  return { ...NONE, publish: subjects };
}

export function maySubscribe(...subjects: readonly string[]): Rights {
  return { ...NONE, subscribe: subjects };
}

/** To ask JetStream, of whose API the server has one subject for each question: $JS.API.<question>. */
export function mayAsk(...questions: readonly string[]): Rights {
  return mayPublish(...questions.map((question) => `$JS.API.${question}`));
}

/** To take a consumer's messages and answer them. */
export function mayConsume(stream: string, consumer: string): Rights {
  return all(
    mayAsk(
      `STREAM.INFO.${stream}`,
      `CONSUMER.INFO.${stream}.${consumer}`,
      `CONSUMER.MSG.NEXT.${stream}.${consumer}`,
    ),
    // The second is the form of ADR-15 with domain and account before the stream.
    mayPublish(`$JS.ACK.${stream}.${consumer}.>`, `$JS.ACK.*.*.${stream}.${consumer}.>`),
  );
}

/**
 * To read single messages of a stream, inside an answer of the server's. Never by DIRECT.GET: the server sends answers to
 * whichever subject the asker names, and that one sends the message as it is, so that it could forge keys and records.
 */
export function mayRead(stream: string): Rights {
  return mayAsk(`STREAM.INFO.${stream}`, `STREAM.MSG.GET.${stream}`);
}

/**
 * To follow a stream by consumers that are made as they are needed. What a consumer delivers the server sends wherever it
 * was told to, so that this is for those only who may read all of the stream.
 */
export function mayFollow(stream: string): Rights {
  return all(
    mayAsk(
      `STREAM.INFO.${stream}`,
      `CONSUMER.CREATE.${stream}.>`,
      `CONSUMER.INFO.${stream}.*`,
      `CONSUMER.DELETE.${stream}.*`,
    ),
    // Where the server asks whether a follower keeps up: $JS.FC.<stream>.<consumer>.<random>.
    mayPublish(`$JS.FC.${stream}.>`),
  );
}

/** To leave a consumer of somebody else's alone, on a stream that one may follow. */
export function mayNotTouch(stream: string, consumer: string): Rights {
  const neverPublish = [
    `$JS.API.CONSUMER.*.${stream}.${consumer}`,
    `$JS.API.CONSUMER.*.${stream}.${consumer}.>`,
    `$JS.API.CONSUMER.*.*.${stream}.${consumer}`,
    `$JS.ACK.${stream}.${consumer}.>`,
    `$JS.ACK.*.*.${stream}.${consumer}.>`,
  ];
  return { ...NONE, neverPublish };
}

/** To look up what a bucket holds, by key or all of it, and to hear of changes. */
export function mayReadBucket(bucket: string): Rights {
  return all(mayRead(streamOfBucket(bucket)), mayFollow(streamOfBucket(bucket)));
}

/** To look up keys and to write them. */
export function mayUseBucket(bucket: string): Rights {
  return all(mayRead(streamOfBucket(bucket)), mayPublish(keySubjects(bucket)));
}

function unique(subjects: readonly string[]): string[] {
  return [...new Set(subjects)];
}
