import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** Lines of JSON, to a file or, without one, to standard output. */
export class LineFile {
  private readonly stream: Writable;
  private failure: Error | undefined;

  constructor(path: string | undefined) {
    this.stream = path === undefined || path === '-' ? process.stdout : createWriteStream(path);
    // Looked at with the next line: until then nobody listens.
    this.stream.on('error', (error) => {
      this.failure = error;
    });
  }

  /** Waits where the reader is slower. Throws what the file can't do. */
  async write(value: object): Promise<void> {
    if (this.failure !== undefined) {
      throw this.failure;
    }
    if (!this.stream.write(`${JSON.stringify(value)}\n`)) {
      await once(this.stream, 'drain');
    }
  }

  async close(): Promise<void> {
    if (this.stream !== process.stdout) {
      this.stream.end();
      await finished(this.stream);
    }
  }
}
