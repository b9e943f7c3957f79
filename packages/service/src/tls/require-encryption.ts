import { BlockList, isIP } from 'node:net';
import { MienError } from '@mien/errors';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether only this machine reaches what is bound so. */
export function isLoopback(address: string): boolean {
  const version = isIP(address);
  return version === 0 ? address === 'localhost' : LOOPBACK.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

export interface Exposure {
  readonly bindAddress: string;
  readonly encrypted: boolean;
  /** Told so by the operator: what is in front of us ends TLS, or the network is trusted. */
  readonly plaintextAllowed: boolean;
}

/**
 * Throws CONFIGURATION_INVALID where others on the network could read along.
 *
 * @param what such as `the gateway`
 * @param variables that would give it certificates
 */
export function requireEncryption(what: string, variables: string, exposure: Exposure): void {
  const { bindAddress, encrypted, plaintextAllowed } = exposure;
  if (!encrypted && !plaintextAllowed && !isLoopback(bindAddress)) {
    throw new MienError(
      'CONFIGURATION_INVALID',
      `${what} would listen on ${bindAddress} without TLS: set ${variables}, or MIEN_BIND_ADDRESS to 127.0.0.1, ` +
        'or MIEN_PLAINTEXT_ALLOWED to true where something in front of it ends TLS',
      { metadata: { bindAddress } },
    );
  }
}
