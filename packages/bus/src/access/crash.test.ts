import { type KV, Kvm } from '@nats-io/kv';
import { BucketView } from '../buckets/bucket-view';
import type { Bus } from '../connection';
import { streamOfBucket } from '../names/buckets';
import { ENDPOINTS_BUCKET } from '../names/notifications';
import { setUpOn } from '../provision/set-up';
import { bucketStream } from '../provision/stream-plans';
import { GuardedServer } from '../testing/guarded-server';

let guarded: GuardedServer;
let views: BucketView<string>[];

beforeAll(async () => {
  guarded = await GuardedServer.start();
  views = [];
  await setUpOn(await guarded.as('provisioner'), {}).stream(bucketStream(ENDPOINTS_BUCKET, { replicas: 1 }));
});

afterAll(async () => {
  for (const view of views) {
    view.stop();
  }
  await guarded.stop();
});

async function view(bus: Bus): Promise<BucketView<string>> {
  const parts = { bus, bucket: ENDPOINTS_BUCKET, logger: guarded.logger };
  const opened = await BucketView.open(parts, (_, bytes) => Buffer.from(bytes).toString());
  views.push(opened);
  return opened;
}

/** Resolves when the connection is there again. */
function back(bus: Bus): Promise<void> {
  return new Promise((resolve) => {
    const forget = bus.onReconnect(() => {
      forget();
      resolve();
    });
  });
}

const contents = async (seen: BucketView<string>) => {
  await seen.upToDate();
  return Object.fromEntries(seen.all);
};

describe('who follows a bucket, with the rights that there are,', () => {
  let kv: KV;

  beforeAll(async () => {
    const gateway = await guarded.as('gateway');
    kv = await new Kvm(gateway.js).open(ENDPOINTS_BUCKET);
    await kv.put('a', 'before');
    await view(gateway);
    await view(await guarded.as('notifier'));
  });

  afterEach(() => expect(guarded.violations).toEqual([]));

  it('goes on after the server crashed', async () => {
    const again = [back(await guarded.as('gateway')), back(await guarded.as('notifier'))];
    await guarded.crash();
    await Promise.all(again);
    await kv.put('b', 'after');
    for (const seen of views) {
      expect(await contents(seen)).toEqual({ a: 'before', b: 'after' });
    }
  });

  it('goes on with another consumer when its own is gone', async () => {
    const { consumers } = (await guarded.as('operator')).jsm;
    let gone = 0;
    for await (const { name } of consumers.list(streamOfBucket(ENDPOINTS_BUCKET))) {
      await consumers.delete(streamOfBucket(ENDPOINTS_BUCKET), name);
      gone += 1;
    }
    expect(gone).toBe(views.length);
    await kv.put('c', 'later');
    for (const seen of views) {
      expect(await contents(seen)).toEqual({ a: 'before', b: 'after', c: 'later' });
    }
  });
});
