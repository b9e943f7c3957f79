import type { Runtime } from '../runtime';
import type { ReloadingTls } from './reloading-tls';
import { requireEncryption } from './require-encryption';

const VARIABLES = 'MIEN_INTERNAL_TLS_CERT_FILE, MIEN_INTERNAL_TLS_KEY_FILE and MIEN_INTERNAL_TLS_CA_FILE';

/**
 * What a service's own gRPC is served with. Throws CONFIGURATION_INVALID where that is plain text and other machines
 * could reach it.
 *
 * @param what such as `the library`
 */
export function internalTls(runtime: Runtime, what: string): ReloadingTls | undefined {
  const { bindAddress, plaintextAllowed } = runtime.config;
  const encrypted = runtime.internalTls !== undefined;
  requireEncryption(what, VARIABLES, { bindAddress, plaintextAllowed, encrypted });
  return runtime.internalTls;
}
