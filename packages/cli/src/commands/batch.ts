import { progressBar } from '../output/progress-bar';
import { CommandError, describeFailure } from './failure';

/** Photos under way at once: enough to keep every stage busy, few enough to stay fair to others. */
const CONCURRENCY = 8;

interface Work<Item, Answer> {
  ask(item: Item): Promise<Answer>;
  show(item: Item, answer: Answer): Promise<void> | void;
  failed(item: Item, error: unknown): void;
}

/**
 * Asks about every item, several at once, and shows the answers in the items' order, with a progress bar when there
 * are many and standard error is a terminal. One that fails fails alone.
 */
export async function forEachInTurn<Item, Answer>(
  items: readonly Item[],
  noun: string,
  work: Work<Item, Answer>,
): Promise<void> {
  const bar = items.length > 1 ? progressBar(items.length, noun) : undefined;
  for (const [item, answer] of inTurn(items, CONCURRENCY, (asked) => work.ask(asked))) {
    try {
      await work.show(item, await answer);
    } catch (error) {
      work.failed(item, error);
    }
    bar?.increment();
  }
  bar?.stop();
}

/** The items with the answers to come, in the items' order, so many of them asked for at once. */
export function* inTurn<Item, Answer>(
  items: readonly Item[],
  width: number,
  ask: (item: Item) => Promise<Answer>,
): Generator<readonly [Item, Promise<Answer>], void, void> {
  const answers = new Map<number, Promise<Answer>>();
  let asked = 0;
  for (const [index, item] of items.entries()) {
    for (const next of items.slice(asked, index + width)) {
      answers.set(asked++, settle(ask(next)));
    }
    yield [item, answers.get(index) ?? ask(item)];
    answers.delete(index);
  }
}

interface PhotoWork<Answer> {
  ask(photo: string): Promise<Answer>;
  show(photo: string, answer: Answer): Promise<void>;
}

/** Asks about every photo in turn. The command fails at the end if any photo did. */
export async function forEachPhoto<Answer>(
  photos: readonly string[],
  work: PhotoWork<Answer>,
): Promise<void> {
  let failures = 0;
  await forEachInTurn(photos, 'photos', {
    ask: (photo) => work.ask(photo),
    show: (photo, answer) => work.show(photo, answer),
    failed: (photo, error) => {
      failures++;
      console.error(`${photo}: ${describeFailure(error)}`);
    },
  });
  if (failures > 0) {
    throw new CommandError(
      `${failures} of ${photos.length} ${photos.length === 1 ? 'photo' : 'photos'} failed`,
    );
  }
}

/** Marks a rejection as handled: it is looked at when its turn comes. */
function settle<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
