import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** A secret that callbacks are signed with. */
export interface SigningSecret {
  /** whsec_ and base64. */
  readonly secret: string;
  /** When it was replaced and signs no more; for ever unless given. */
  readonly until?: string;
}

/** https://www.standardwebhooks.com: 24 to 64 random bytes. */
const SECRET_BYTES = 32;

export function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** The headers that prove where a callback comes from; signed with each secret that is valid at that time. */
export function signedHeaders(
  { id, body }: { readonly id: string; readonly body: Uint8Array },
  secrets: readonly SigningSecret[],
  now: Date,
): Readonly<Record<string, string>> {
  const text = Buffer.from(body).toString('utf8');
  const valid = secrets.filter(({ until }) => until === undefined || Date.parse(until) > now.getTime());
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': valid.map(({ secret }) => new Webhook(secret).sign(id, now, text)).join(' '),
  };
}
