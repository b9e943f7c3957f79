import type { LookupAddress } from 'node:dns';
import { guardedLookup, type Resolve } from './guarded-lookup';

const PUBLIC = { address: '93.184.216.34', family: 4 };
const LOOPBACK = { address: '127.0.0.1', family: 4 };

/** What a socket would be told of a name whose answers follow each other. */
function answersOf(...answers: LookupAddress[][]): () => Promise<string> {
  const rest = [...answers];
  const resolve: Resolve = (_, __, callback) => callback(null, rest.shift() ?? []);
  const lookup = guardedLookup([], resolve);
  return () =>
    new Promise((done) =>
      lookup('rebind.example', {}, (error, address) => done(error?.message ?? String(address))),
    );
}

describe('the lookup of sockets', () => {
  it('checks what it answers, each time: a name that changes gains nothing', async () => {
    const ask = answersOf([PUBLIC], [LOOPBACK], [PUBLIC]);
    expect(await ask()).toBe(PUBLIC.address);
    expect(await ask()).toMatch(/not called from here/);
    expect(await ask()).toBe(PUBLIC.address);
  });

  it.each([
    ['one forbidden address among others', [PUBLIC, LOOPBACK]],
    ['an IPv6 spelling of a forbidden one', [{ address: '::ffff:10.0.0.1', family: 6 }]],
    ['no address', []],
  ])('refuses a name with %s', async (_, addresses) => {
    expect(await answersOf(addresses)()).toMatch(/not called from here/);
  });
});
