import { isLoopback } from '@mien/service';

const LOOPBACK = '127.0.0.1';

/**
 * Where services of one machine listen that only each other ask: out of other machines' reach, whatever the front
 * door is bound to.
 */
export function innerAddress(bindAddress: string): string {
  return isLoopback(bindAddress) ? bindAddress : LOOPBACK;
}

/** host:port, an IPv6 address in brackets. */
export function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
