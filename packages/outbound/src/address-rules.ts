import ipaddr from 'ipaddr.js';

/** A network, as an address and the number of its leading bits. */
export type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Reads `10.1.0.0/16` or `fd00::/8`. Throws when it is not a network. */
export function parseNetwork(text: string): Network {
  return ipaddr.parseCIDR(text);
}

/** The only part of IPv6 that is given out to public hosts (IANA, RFC 4291 section 2.4). */
const GLOBAL_UNICAST = parseNetwork('2000::/3');
/** Documentation addresses inside it that ipaddr.js does not name (RFC 9637). */
const DOCUMENTATION = parseNetwork('3fff::/20');

/**
 * Whether this address may be called: those of the public Internet, and those in `allowed`.
 * Anything that is not plain global unicast is refused: private, loopback, link-local, unique-local, multicast,
 * carrier-grade NAT, reserved, and IPv6 forms that reach an IPv4 address by another name (mapped, 6to4, Teredo,
 * NAT64).
 */
export function mayReach(address: string, allowed: readonly Network[]): boolean {
  if (!ipaddr.isValid(address)) {
    return false;
  }
  // A scope (fe80::1%eth0) only ever belongs to a link-local address.
  const parsed = ipaddr.process(address);
  if (allowed.some((network) => isWithin(parsed, network))) {
    return true;
  }
  // process() turns a mapped address into its IPv4 form; as the caller wrote it, it is still a way round.
  const asWritten = ipaddr.parse(address);
  return asWritten.range() === 'unicast' && (asWritten instanceof ipaddr.IPv4 || isPublicIpv6(asWritten));
}

function isPublicIpv6(address: ipaddr.IPv6): boolean {
  return isWithin(address, GLOBAL_UNICAST) && !isWithin(address, DOCUMENTATION);
}

function isWithin(address: ipaddr.IPv4 | ipaddr.IPv6, network: Network): boolean {
  const [base, bits] = network;
  if (address instanceof ipaddr.IPv4) {
    return base instanceof ipaddr.IPv4 && address.match(base, bits);
  }
  return base instanceof ipaddr.IPv6 && address.match(base, bits);
}
