import { setTimeout } from 'node:timers/promises';
import { MienError } from '@mien/errors';
import { type Client, InvalidBucketNameError, S3Error } from 'minio';
import { codeOf, unavailable } from './s3-error';

/** A server that is asked for a bucket which another process is just making may answer with a fault of its own. */
const ATTEMPTS = 3;
const PAUSE_MS = 100;

/**
 * Makes the bucket, with access for its owner only, unless it is there. Throws CONFIGURATION_INVALID when it can't
 * be used as it is, OBJECT_STORE_UNAVAILABLE when the server does not answer.
 */
export async function openBucket(client: Client, bucket: string): Promise<void> {
  for (let attempt = 1; !(await isThere(client, bucket, attempt === ATTEMPTS)); attempt += 1) {
    await setTimeout(PAUSE_MS);
  }
  await refuseVersions(client, bucket);
}

/** False when the server had a fault that it may get over. */
async function isThere(client: Client, bucket: string, isLast: boolean): Promise<boolean> {
  try {
    await makeUnlessThere(client, bucket);
    return true;
  } catch (error) {
    if (codeOf(error) !== '' || error instanceof InvalidBucketNameError || isLast) {
      throw typed(error, bucket);
    }
    return false;
  }
}

function typed(error: unknown, bucket: string): MienError {
  if (error instanceof InvalidBucketNameError) {
    return new MienError('CONFIGURATION_INVALID', `no bucket can be called ${bucket}`);
  }
  // Faults that pass come without a code of S3's.
  if (error instanceof S3Error) {
    const message = `the object store refuses the bucket ${bucket} (${codeOf(error)}): check keys, region and clock`;
    return new MienError('CONFIGURATION_INVALID', message, { cause: error });
  }
  return unavailable(error);
}

async function makeUnlessThere(client: Client, bucket: string): Promise<void> {
  if (await client.bucketExists(bucket)) {
    return;
  }
  try {
    await client.makeBucket(bucket);
  } catch (error) {
    // Another process may have made it meanwhile. Somebody else's bucket of this name refuses the next request.
    if (!(await client.bucketExists(bucket))) {
      throw error;
    }
  }
}

/** A bucket with versions keeps what is deleted, and photos of people who are deleted must go. */
async function refuseVersions(client: Client, bucket: string): Promise<void> {
  const versioning = await client.getBucketVersioning(bucket).catch(() => undefined); // servers without versions
  if (versioning?.Status === 'Enabled') {
    throw new MienError(
      'CONFIGURATION_INVALID',
      `the bucket ${bucket} keeps versions of what is deleted: switch its versioning off`,
    );
  }
}
