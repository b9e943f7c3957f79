import { createHash, createHmac } from 'node:crypto';

interface Sender {
  readonly address: string;
  readonly secretId: string;
  readonly secretKey: string;
}

interface Asked {
  readonly action: string;
  readonly body: object;
  readonly version?: string;
  /** Unix seconds; now unless given. */
  readonly timestamp?: number;
}

/** A request with a TC3-HMAC-SHA256 signature, for what the official clients do not send. */
export function signedRequest(
  { address, secretId, secretKey }: Sender,
  { action, body, version = '2020-03-03', timestamp = Math.floor(Date.now() / 1_000) }: Asked,
) {
  const text = JSON.stringify(body);
  const date = new Date(timestamp * 1_000).toISOString().slice(0, 10);
  const scope = `${date}/iai/tc3_request`;
  const lines = `content-type:application/json\nhost:${address}\n`;
  const canonical = ['POST', '/', '', lines, 'content-type;host', sha256(text)].join('\n');
  const key = ['iai', 'tc3_request'].reduce(hmac, hmac(`TC3${secretKey}`, date));
  const signature = hmac(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256(canonical)}`).toString(
    'hex',
  );
  return {
    method: 'POST',
    body: text,
    headers: {
      'content-type': 'application/json',
      'x-tc-action': action,
      'x-tc-version': version,
      'x-tc-timestamp': String(timestamp),
      authorization:
        `TC3-HMAC-SHA256 Credential=${secretId}/${scope}, SignedHeaders=content-type;host, ` +
        `Signature=${signature}`,
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
