import { OpenStreams } from './open-streams';

async function* forever(ended: () => void = () => undefined): AsyncGenerator<number, void, void> {
  try {
    for (let count = 0; ; count += 1) {
      yield count;
    }
  } finally {
    ended();
  }
}

const silent: AsyncIterable<number> = {
  [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
};
const { signal: SIGNAL } = new AbortController();

describe('open streams', () => {
  it('are bounded altogether and per owner, until they are left', async () => {
    const streams = new OpenStreams({ maximum: 3, maximumPerOwner: 2 });
    const [a, b] = [streams.hold('ada', forever(), SIGNAL), streams.hold('ada', forever(), SIGNAL)];
    expect([(await a.next()).value, (await b.next()).value]).toEqual([0, 0]);
    await expect(streams.hold('ada', forever(), SIGNAL).next()).rejects.toMatchObject({
      reason: 'OVERLOADED',
      metadata: { maximum: '2', retryAfterSeconds: '5' },
    });
    const other = streams.hold('bob', forever(), SIGNAL);
    await other.next();
    await expect(streams.hold('eve', forever(), SIGNAL).next()).rejects.toMatchObject({
      metadata: { maximum: '3' },
    });
    await a.return();
    await streams.hold('ada', forever(), SIGNAL).next();
  });

  it('tell their source when they are left', async () => {
    const streams = new OpenStreams({ maximum: 1, maximumPerOwner: 1 });
    const ended = jest.fn();
    for await (const count of streams.hold('ada', forever(ended), SIGNAL)) {
      if (count === 2) {
        break;
      }
    }
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('end with their signal, even while they wait', async () => {
    const streams = new OpenStreams({ maximum: 1, maximumPerOwner: 1 });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(streams.hold('ada', silent, signal).next()).rejects.toThrow('enough');
    await streams.hold('ada', forever(), SIGNAL).next();
  });

  it('end on the way down, even while they wait', async () => {
    const streams = new OpenStreams({ maximum: 2, maximumPerOwner: 2 });
    const waiting = streams.hold('ada', silent, SIGNAL).next();
    streams.close();
    await expect(waiting).rejects.toMatchObject({ reason: 'SHUTTING_DOWN' });
    await expect(streams.hold('ada', forever(), SIGNAL).next()).rejects.toMatchObject({
      reason: 'SHUTTING_DOWN',
    });
  });
});
