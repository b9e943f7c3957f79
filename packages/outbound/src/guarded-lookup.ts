import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { mayReach, type Network } from './address-rules';
import { forbidden } from './forbidden';

/** As dns.lookup, when it is asked for all addresses. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A name lookup for sockets that answers only with addresses that may be called. The socket connects to
 * exactly what this returned, so a name cannot resolve to one address for the check and to another for the
 * connection. A name with even one forbidden address is refused as a whole.
 */
export function guardedLookup(allowed: readonly Network[], resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
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
