import pino from 'pino';
import { Background } from './background';

const logger = pino({ level: 'silent' });
/** Longer than a test may take: whatever goes on has been woken. */
const PAUSE_MS = 600_000;

/** Work that is told what each piece does and tells when it is asked for one. */
function scripted(pieces: readonly (() => Promise<boolean>)[]) {
  let asked = 0;
  let expected = 1;
  let onAsked = () => {};
  return {
    name: 'scripted',
    runNext: async () => {
      asked += 1;
      if (asked >= expected) {
        onAsked();
      }
      return (await pieces[asked - 1]?.()) ?? false;
    },
    asked: () => asked,
    /** Settles when work was asked for so many times. */
    until: (times: number) =>
      new Promise<void>((resolve) => {
        expected = times;
        onAsked = resolve;
        if (asked >= times) {
          resolve();
        }
      }),
  };
}

describe('background work', () => {
  it('goes on while there is some, then waits until it is woken', async () => {
    const work = scripted([async () => true, async () => true, async () => false]);
    const background = new Background(work, { pauseMs: PAUSE_MS, logger });
    await work.until(3);
    background.wake();
    await work.until(4);
    await background.stop();
    expect(work.asked()).toBe(4);
  });

  it('is looked for again when it came while nothing was found', async () => {
    let background: Background | undefined;
    const work = scripted([
      async () => {
        background?.wake();
        return false;
      },
    ]);
    background = new Background(work, { pauseMs: PAUSE_MS, logger });
    await work.until(1);
    background.wake();
    await work.until(2);
    await background.stop();
  });

  it('that fails is tried again after the pause', async () => {
    const work = scripted([
      async () => {
        throw new Error('the database is away');
      },
      async () => false,
    ]);
    const background = new Background(work, { pauseMs: 1, logger });
    await work.until(2);
    await background.stop();
  });

  it('is told to stop and waited for', async () => {
    const order: string[] = [];
    const begun = new Promise<Background>((resolve) => {
      const background = new Background(
        {
          name: 'long',
          runNext: (signal) =>
            new Promise((ended) => {
              signal.addEventListener('abort', () => {
                order.push('let go');
                ended(true);
              });
              setImmediate(() => resolve(background));
            }),
        },
        { pauseMs: PAUSE_MS, logger },
      );
    });
    await (await begun).stop();
    order.push('stopped');
    expect(order).toEqual(['let go', 'stopped']);
  });
});
