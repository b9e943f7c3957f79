import type { LibraryTotals, OutboxTopic } from '@mien/people';
import type { OpenLibrary } from '../open-library';
import { RecallProbe } from './recall-probe';

/** How the library stood when it was last asked. */
export interface LibraryState {
  /** Undefined when the database did not answer. */
  readonly totals: LibraryTotals | undefined;
  readonly indexUp: boolean;
  /** Undefined when the index did not answer. */
  readonly indexFaces: number | undefined;
  readonly outbox: readonly { readonly topic: OutboxTopic; readonly entries: number }[];
}

const INTERVAL_MS = 15_000;
/** The probe, seldom: it searches. */
const LOOKS_EACH_PROBE = 20;
const TOPICS: readonly OutboxTopic[] = ['index', 'blobs', 'events'];
/** More entries than this are not counted. */
const MOST_ENTRIES = 1_000;

/** Asks now and then how the stores of a library stand; never fails. */
export class LibraryHealth {
  private readonly probe: RecallProbe;
  private looks = 0;
  private stopped = false;
  private underWay: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  state: LibraryState | undefined;
  /** What the probe found last; undefined where there was no face to look for. */
  recall: number | undefined;

  constructor(private readonly library: OpenLibrary) {
    this.probe = new RecallProbe(library);
    this.go();
  }

  /** As far as is known. */
  get faces(): number {
    return this.state?.totals?.faces ?? 0;
  }

  /** Ends when nothing is under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.underWay;
  }

  private go(): void {
    this.underWay = this.look().finally(() => {
      if (!this.stopped) {
        this.timer = setTimeout(() => this.go(), INTERVAL_MS).unref();
      }
    });
  }

  private async look(): Promise<void> {
    const { people, indexes, model } = this.library;
    const [totals, indexUp, indexFaces, ...entries] = await Promise.all([
      orUndefined(people.totals()),
      indexes.healthy(),
      orUndefined(indexes.of(model.version).then((index) => index.count())),
      ...TOPICS.map((topic) => orUndefined(people.readOutbox(topic, MOST_ENTRIES))),
    ]);
    const outbox = TOPICS.flatMap((topic, at) => {
      const waiting = entries[at];
      return waiting === undefined ? [] : [{ topic, entries: waiting.length }];
    });
    this.state = { totals, indexUp, indexFaces, outbox };
    await this.probeNowAndThen();
  }

  /** At first as soon as there is a face. */
  private async probeNowAndThen(): Promise<void> {
    if (this.recall !== undefined && this.looks % LOOKS_EACH_PROBE !== 0) {
      this.looks += 1;
      return;
    }
    const recall = await orUndefined(this.probe.next());
    this.recall = recall ?? this.recall;
    this.looks = 1;
  }
}

/** What can't be asked is not known. */
async function orUndefined<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch(() => undefined);
}
