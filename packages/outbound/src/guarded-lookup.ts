import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { mayReach, type Network } from './address-rules';
import { forbidden } from './forbidden';

/**
 * A name lookup for sockets that answers only with addresses that may be called. The socket connects to
 * exactly what this returned, so a name cannot resolve to one address for the check and to another for the
 * connection. A name with even one forbidden address is refused as a whole.
 */
export function guardedLookup(allowed: readonly Network[]): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      if (addresses.length === 0 || !addresses.every(({ address }) => mayReach(address, allowed))) {
        callback(forbidden(), []);
        return;
      }
      answer(addresses, options.all === true, callback);
    });
  };
}

function answer(addresses: LookupAddress[], all: boolean, callback: Parameters<LookupFunction>[2]): void {
  const [first] = addresses;
  if (all || first === undefined) {
    callback(null, addresses);
  } else {
    callback(null, first.address, first.family);
  }
}
