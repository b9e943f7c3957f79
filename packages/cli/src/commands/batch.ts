import { SingleBar } from 'cli-progress';
import { CommandError, describeFailure } from './failure';

/** Photos under way at once: enough to keep every stage busy, few enough to stay fair to others. */
const CONCURRENCY = 8;

interface PhotoWork<Answer> {
  ask(photo: string): Promise<Answer>;
  show(photo: string, answer: Answer): Promise<void>;
}

/**
 * Asks about every photo and shows the answers in the photos' order, with a progress bar when there are many and
 * standard error is a terminal. One bad photo fails itself only; the command fails at the end if any did.
 */
export async function forEachPhoto<Answer>(
  photos: readonly string[],
  work: PhotoWork<Answer>,
): Promise<void> {
  const bar = photos.length > 1 && process.stderr.isTTY ? startBar(photos.length) : undefined;
  const answers: Promise<Answer>[] = [];
  let failures = 0;
  for (const [index, photo] of photos.entries()) {
    for (let next = answers.length; next < Math.min(photos.length, index + CONCURRENCY); next++) {
      answers.push(settle(work.ask(photos[next] ?? photo)));
    }
    try {
      await work.show(photo, await (answers[index] ?? work.ask(photo)));
    } catch (error) {
      failures++;
      console.error(`${photo}: ${describeFailure(error)}`);
    }
    bar?.increment();
  }
  bar?.stop();
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

function startBar(total: number): SingleBar {
  const bar = new SingleBar({
    format: '{bar} {value}/{total} photos, {eta_formatted} left',
    stream: process.stderr,
  });
  bar.start(total, 0);
  return bar;
}
