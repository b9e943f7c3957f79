import { InteractiveActivity } from './interactive-activity';

const { signal } = new AbortController();

async function nothing(): Promise<void> {}

function activityOf(quietMs: number, longestWaitMs: number, oneByOneMs = 0): InteractiveActivity {
  return new InteractiveActivity({ quietMs, oneByOneMs, longestWaitMs });
}

/** Work that ends when it is told to. */
function held(): { work: () => Promise<void>; end: () => void } {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { work: () => ended, end: () => end() };
}

describe('work that can wait', () => {
  it('begins at once when nobody waits', async () => {
    await activityOf(60_000, 60_000).aside(nothing, signal);
  });

  it('begins when the last of those who wait has its answer', async () => {
    const activity = activityOf(0, 60_000);
    const [first, second] = [held(), held()];
    const requests = [activity.during(first.work), activity.during(second.work)];
    let begun = false;
    const quiet = activity.aside(nothing, signal).then(() => {
      begun = true;
    });
    first.end();
    await requests[0];
    expect(begun).toBe(false);
    second.end();
    await quiet;
  });

  it('waits a moment more', async () => {
    const activity = activityOf(30, 60_000);
    await activity.during(async () => undefined);
    const answeredAt = performance.now();
    await activity.aside(nothing, signal);
    expect(performance.now() - answeredAt).toBeGreaterThanOrEqual(29);
  });

  it('has its turns where it is never quiet, one after the other', async () => {
    const activity = activityOf(60_000, 20);
    void activity.during(held().work);
    const began: number[] = [];
    const from = performance.now();
    await Promise.all(
      [0, 1, 2].map(async () => {
        // Noted in the turn itself: between the end of one and the next line of a test lies whatever else is due.
        await activity.aside(async () => void began.push(performance.now() - from), signal);
      }),
    );
    expect(began[0]).toBeGreaterThanOrEqual(20);
    expect((began[1] ?? 0) - (began[0] ?? 0)).toBeGreaterThanOrEqual(20);
    expect((began[2] ?? 0) - (began[1] ?? 0)).toBeGreaterThanOrEqual(20);
  });

  it('goes one by one for a while after a request', async () => {
    const activity = activityOf(0, 60_000, 60_000);
    await activity.during(nothing);
    const first = held();
    const firstDone = activity.aside(first.work, signal);
    let begun = false;
    const second = activity.aside(async () => {
      begun = true;
    }, signal);
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun).toBe(false);
    first.end();
    await Promise.all([firstDone, second]);
    expect(begun).toBe(true);
  });

  it('is given up with its signal', async () => {
    const activity = activityOf(0, 60_000);
    void activity.during(held().work);
    const abort = new AbortController();
    const quiet = activity.aside(nothing, abort.signal);
    abort.abort(new Error('enough'));
    await expect(quiet).rejects.toThrow('enough');
  });
});
