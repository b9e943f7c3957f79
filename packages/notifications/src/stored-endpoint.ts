import type { Cipher } from '@mien/encryption';
import { MienError } from '@mien/errors';
import type { SigningSecret } from './signing';

/** Who is called, and the secrets that the calls are signed with. */
export interface StoredEndpoint {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly createdAt: Date;
  /** The key that made it. */
  readonly keyId: string;
  readonly secrets: readonly SigningSecret[];
}

/** As it lies in the bucket: the secrets sealed where there is a key for that. */
interface Written extends Omit<StoredEndpoint, 'createdAt' | 'secrets'> {
  readonly createdAt: string;
  readonly secrets?: readonly SigningSecret[];
  readonly sealed?: { readonly key: string; readonly bytes: string };
}

export function encodeEndpoint(endpoint: StoredEndpoint, cipher: Cipher | undefined): string {
  const { secrets, createdAt, ...open } = endpoint;
  const written: Written = { ...open, createdAt: createdAt.toISOString(), ...sealed(endpoint, cipher) };
  return JSON.stringify(written);
}

/** Throws RECORD_UNREADABLE when its secrets were sealed with a key that we don't have. */
export function decodeEndpoint(bytes: Uint8Array, cipher: Cipher | undefined): StoredEndpoint {
  const {
    createdAt,
    sealed: closed,
    secrets,
    ...open
  } = JSON.parse(Buffer.from(bytes).toString()) as Written;
  return {
    ...open,
    createdAt: new Date(createdAt),
    secrets: secrets ?? opened(open.id, closed, cipher),
  };
}

function sealed(
  { id, secrets }: StoredEndpoint,
  cipher: Cipher | undefined,
): Pick<Written, 'secrets' | 'sealed'> {
  if (cipher === undefined) {
    return { secrets };
  }
  const bytes = cipher.seal(Buffer.from(JSON.stringify(secrets)), contextOf(id)).toString('base64');
  return { sealed: { key: cipher.keyId, bytes } };
}

function opened(id: string, closed: Written['sealed'], cipher: Cipher | undefined): SigningSecret[] {
  if (closed === undefined || cipher === undefined || !cipher.knows(closed.key)) {
    throw new MienError('RECORD_UNREADABLE', `the secrets of endpoint ${id} can not be opened`);
  }
  const plain = cipher.open(Buffer.from(closed.bytes, 'base64'), closed.key, contextOf(id));
  return JSON.parse(plain.toString()) as SigningSecret[];
}

function contextOf(endpointId: string): string {
  return `endpoint ${endpointId}`;
}
