import { execFile } from 'node:child_process';
import { copyFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where a certificate and its key were put. */
export interface Issued {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Makes certificates for tests, by openssl, which last a day and live in the test's own folder. */
export class TestAuthority {
  private constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  static async create(folder: string, name: string): Promise<TestAuthority> {
    const authority = new TestAuthority(folder, name);
    await authority.request(name, ['-addext', 'basicConstraints=critical,CA:TRUE']);
    return authority;
  }

  get caFile(): string {
    return this.file(this.name, 'crt');
  }

  /** @param altNames such as `IP:127.0.0.1,DNS:localhost` */
  async issue(name: string, altNames = 'IP:127.0.0.1,DNS:localhost'): Promise<Issued> {
    await this.request(name, [
      ...['-CA', this.caFile, '-CAkey', this.file(this.name, 'key')],
      ...['-addext', `subjectAltName=${altNames}`, '-addext', 'basicConstraints=CA:FALSE'],
    ]);
    return { certFile: this.file(name, 'crt'), keyFile: this.file(name, 'key') };
  }

  private async request(name: string, options: readonly string[]): Promise<void> {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const files = ['-keyout', this.file(name, 'key'), '-out', this.file(name, 'crt')];
    await run('openssl', [
      'req',
      '-x509',
      ...key,
      ...files,
      '-subj',
      `/CN=${name}`,
      '-days',
      '1',
      ...options,
    ]);
  }

  private file(name: string, kind: 'crt' | 'key'): string {
    return join(this.folder, `${name}.${kind}`);
  }
}

/** Puts a certificate in the place of another, each file at once, as those who renew certificates do. */
export async function replaceCertificate(place: Issued, by: Issued): Promise<void> {
  for (const which of ['keyFile', 'certFile'] as const) {
    await copyFile(by[which], `${place[which]}.new`);
    await rename(`${place[which]}.new`, place[which]);
  }
}
