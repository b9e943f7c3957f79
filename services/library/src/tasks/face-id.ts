import { createHash } from 'node:crypto';

/** The name space of enrolled faces: a random UUID, the same for ever. */
const FACES = Buffer.from('6b1f8f0c4b6d4d0b9a5e0c1f5b7d2e93', 'hex');

/**
 * The id of the face that a job enrols from a photo: the same each time that the job is done, so that one that comes
 * again finds its own faces. A UUID of version 5, which is the first 128 bits of the SHA-1 of name space and name with
 * version and variant put in (RFC 9562, sections 5.5 and 4.1), in lower case.
 */
export function faceIdOf(jobId: string, photoIndex: number): string {
  const bytes = createHash('sha1').update(FACES).update(`${jobId}/${photoIndex}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
