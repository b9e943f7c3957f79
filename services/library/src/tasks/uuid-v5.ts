import { createHash } from 'node:crypto';

/**
 * The UUID of version 5 that a name has in a name space: the first 128 bits of the SHA-1 of both, version and variant
 * put in (RFC 9562, section 5.5), in lower case.
 */
export function uuidV5(nameSpace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(nameSpace.replaceAll('-', ''), 'hex'))
    .update(name);
  const bytes = hash.digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
