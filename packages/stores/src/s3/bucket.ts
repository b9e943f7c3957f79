import type { Client } from 'minio';
import { isClosed, isMissing, unavailable } from './s3-error';

export interface S3Object {
  readonly name: string;
  readonly size: number;
  readonly lastModified: Date;
}

export interface S3Stat {
  readonly size: number;
  /** Of the user's making, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Objects of a page of a listing: the most that servers give. */
const PAGE = 1_000;

/**
 * One bucket. Requests that fail throw OBJECT_STORE_UNAVAILABLE. All of them may be repeated without harm, and are,
 * once, when the server closed the connection.
 */
export class Bucket {
  constructor(
    private readonly client: Client,
    readonly name: string,
    private readonly pageSize = PAGE,
  ) {}

  async put(object: string, bytes: Uint8Array, metadata: Record<string, string>): Promise<void> {
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    await this.ask(() => this.client.putObject(this.name, object, body, body.byteLength, { ...metadata }));
  }

  /** Undefined when there is none. */
  get(object: string): Promise<Buffer | undefined> {
    return this.askFor(async () => {
      const stream = await this.client.getObject(this.name, object);
      return Buffer.concat(await stream.toArray());
    });
  }

  /** Undefined when there is none. */
  stat(object: string): Promise<S3Stat | undefined> {
    return this.askFor(async () => {
      const { size, metaData } = await this.client.statObject(this.name, object);
      return { size, metadata: metaData };
    });
  }

  /** Those that are not there are no error. */
  async remove(objects: string[]): Promise<void> {
    const failed = await this.ask(() => this.client.removeObjects(this.name, objects));
    const [first] = failed.filter((result) => result !== null && result !== undefined);
    if (first !== undefined) {
      throw unavailable(first);
    }
  }

  /** Objects whose names begin with the prefix, by name, a page at a time. */
  async *list(prefix: string): AsyncGenerator<readonly S3Object[]> {
    let token = '';
    do {
      const page = await this.ask(() =>
        this.client.listObjectsV2Query(this.name, prefix, token, '', this.pageSize, ''),
      );
      yield page.objects.filter((item) => item.name !== undefined);
      token = page.isTruncated === true ? (page.nextContinuationToken ?? '') : '';
    } while (token !== '');
  }

  private askFor<T>(request: () => Promise<T>): Promise<T | undefined> {
    return this.ask(() =>
      request().catch((error: unknown) => {
        if (isMissing(error)) {
          return undefined;
        }
        throw error;
      }),
    );
  }

  private async ask<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request().catch((error: unknown) => {
        if (isClosed(error)) {
          return request();
        }
        throw error;
      });
    } catch (error) {
      throw unavailable(error);
    }
  }
}
