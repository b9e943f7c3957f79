import type { Logger } from 'pino';
import { ReloadingTls } from './reloading-tls';
import type { TlsFiles } from './tls-files';

/** Certificates that follow their files; none without files. Throws CONFIGURATION_INVALID. */
export async function openTls(
  files: TlsFiles | undefined,
  { tlsReloadSeconds }: { readonly tlsReloadSeconds: number },
  logger: Logger,
): Promise<ReloadingTls | undefined> {
  return files === undefined
    ? undefined
    : ReloadingTls.open(files, { everyMs: tlsReloadSeconds * 1_000, logger });
}
