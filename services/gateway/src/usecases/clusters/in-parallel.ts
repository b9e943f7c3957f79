/**
 * Works on items as they come, on so many at once that further ones are not even asked for. Results are in the order of
 * the items. Throws the first failure, of an item or of the source; whoever stops the others is the caller.
 */
export async function inParallel<Item, Result>(
  items: AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Promise<Result>[] = [];
  const running = new Set<Promise<Result>>();
  for await (const item of items) {
    const result = work(item);
    results.push(result);
    running.add(result);
    result.then(
      () => running.delete(result),
      // It stays among those that run: the race below throws it.
      () => undefined,
    );
    if (running.size >= atOnce) {
      await Promise.race(running);
    }
  }
  return Promise.all(results);
}

/** The items until the signal aborts, whose reason is then thrown, even while one is awaited. */
export async function* untilAborted<Item>(
  items: AsyncIterable<Item>,
  signal: AbortSignal,
): AsyncGenerator<Item, void, void> {
  signal.throwIfAborted();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  aborted.catch(() => undefined);
  const iterator = items[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([iterator.next(), aborted]);
    if (next.done) {
      return;
    }
    yield next.value;
  }
}
