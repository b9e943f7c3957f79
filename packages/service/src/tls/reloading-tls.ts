import type { Logger } from 'pino';
import { readTlsFiles, sameContents, type TlsContents, type TlsFiles } from './tls-files';

export interface ReloadOptions {
  /** How often the files are read again. */
  readonly everyMs: number;
  readonly logger: Logger;
}

/**
 * Certificates that follow their files: connections made after a change use what is there then. Files that don't fit
 * together, as while they are being replaced, leave the last good ones in use. They are read again and again instead
 * of watched: a mounted secret changes by a link that no watch of the file sees.
 */
export class ReloadingTls {
  private readonly listeners = new Set<(contents: TlsContents) => void>();
  private readonly timer: NodeJS.Timeout;
  private reading = false;

  private constructor(
    private readonly files: TlsFiles,
    private last: TlsContents,
    private readonly options: ReloadOptions,
  ) {
    this.timer = setInterval(() => void this.reload(), options.everyMs);
    this.timer.unref();
  }

  /** Throws CONFIGURATION_INVALID when the files can't be used now. */
  static async open(files: TlsFiles, options: ReloadOptions): Promise<ReloadingTls> {
    return new ReloadingTls(files, await readTlsFiles(files), options);
  }

  get contents(): TlsContents {
    return this.last;
  }

  /** Calls back with what has changed; returns how to stop that. */
  onChange(listener: (contents: TlsContents) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.timer);
    this.listeners.clear();
  }

  private async reload(): Promise<void> {
    if (this.reading) {
      return;
    }
    this.reading = true;
    const { logger } = this.options;
    try {
      const contents = await readTlsFiles(this.files);
      if (!sameContents(contents, this.last)) {
        this.last = contents;
        logger.info({ certFile: this.files.certFile }, 'certificates have changed and are in use');
        for (const listener of this.listeners) {
          listener(contents);
        }
      }
    } catch (error) {
      logger.warn({ err: error }, 'certificates can not be read; the last good ones stay in use');
    } finally {
      this.reading = false;
    }
  }
}
