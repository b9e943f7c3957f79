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

describe('open streams', () => {
  it('are bounded altogether and per owner, until they are left', async () => {
    const streams = new OpenStreams({ maximum: 3, maximumPerOwner: 2 });
    const [a, b] = [streams.hold('ada', forever()), streams.hold('ada', forever())];
    expect([(await a.next()).value, (await b.next()).value]).toEqual([0, 0]);
    await expect(streams.hold('ada', forever()).next()).rejects.toMatchObject({
      reason: 'OVERLOADED',
      metadata: { maximum: '2', retryAfterSeconds: '5' },
    });
    const other = streams.hold('bob', forever());
    await other.next();
    await expect(streams.hold('eve', forever()).next()).rejects.toMatchObject({ metadata: { maximum: '3' } });
    await a.return();
    await streams.hold('ada', forever()).next();
  });

  it('tell their source when they are left', async () => {
    const streams = new OpenStreams({ maximum: 1, maximumPerOwner: 1 });
    const ended = jest.fn();
    for await (const count of streams.hold('ada', forever(ended))) {
      if (count === 2) {
        break;
      }
    }
    expect(ended).toHaveBeenCalledTimes(1);
  });

  it('end on the way down, even while they wait', async () => {
    const streams = new OpenStreams({ maximum: 2, maximumPerOwner: 2 });
    const silent: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const waiting = streams.hold('ada', silent).next();
    streams.close();
    await expect(waiting).rejects.toMatchObject({ reason: 'SHUTTING_DOWN' });
    await expect(streams.hold('ada', forever()).next()).rejects.toMatchObject({ reason: 'SHUTTING_DOWN' });
  });
});
