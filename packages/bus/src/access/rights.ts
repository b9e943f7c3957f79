import { keySubjects, streamOfBucket } from '../names/buckets';

/** Subjects that a user of NATS may publish to and subscribe to; nothing else. */
export interface Rights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** What several rights come to, each subject once. */
export function all(...rights: readonly Rights[]): Rights {
  return {
    publish: unique(rights.flatMap(({ publish }) => publish)),
    subscribe: unique(rights.flatMap(({ subscribe }) => subscribe)),
  };
}

export function mayPublish(...subjects: readonly string[]): Rights {
  return { publish: subjects, subscribe: [] };
}

export function maySubscribe(...subjects: readonly string[]): Rights {
  return { publish: [], subscribe: subjects };
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
