import { LANES, STAGE_NAMES, type StageName } from '../catalog';
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
import { all, mayAsk, mayConsume, mayPublish, mayRead, maySubscribe, type Rights } from './rights';
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
    mayPublish(replySubjects('*'), deadSubject(stage)),
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
  library: all(works('library'), queues(['embedder']), isAnswered('library')),
  gateway: all(queues(STAGE_NAMES), isAnswered('gateway'), seesQueues(), handlesDeadLetters()),
  notifier: all(),
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
