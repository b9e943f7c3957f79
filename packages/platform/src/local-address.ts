/** Addresses that stand for every one that this machine has. */
const ANY = ['0.0.0.0', '::'];

/** host:port at which this machine itself reaches a service that is bound so. */
export function localAddress(bindAddress: string, port: number): string {
  const host = ANY.includes(bindAddress) ? '127.0.0.1' : bindAddress;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
