/** Names of fields whose values never go into a log, at any depth, in lower case without separators. */
const SECRET =
  /^(authorization|cookie|password|pass|token|secret|credentials|creds|apikey|privatekey|nkey|jwt|seed)$/;

/** Names of fields that hold what a person looks like. */
const BIOMETRIC =
  /^(template|embedding|descriptor|mesh|landmarks|points|rgb|pixels|photo|photos|imagedata|base64)$/;

const MAX_DEPTH = 6;
const MAX_ITEMS = 32;

/**
 * A copy of what is to be logged that holds no secret, no picture and no template: fields of those names, and
 * all binary data, are replaced by what they were. Errors are left to the log's own serializer.
 */
export function scrub(value: unknown, depth = 0): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Error || value instanceof Date) {
    return value;
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return `[${value.byteLength} bytes]`;
  }
  if (depth >= MAX_DEPTH) {
    return '[deep]';
  }
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => scrub(item, depth + 1));
    return value.length > MAX_ITEMS ? [...items, `[${value.length - MAX_ITEMS} more]`] : items;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, scrubField(name, inner, depth)]),
  );
}

function scrubField(name: string, value: unknown, depth: number): unknown {
  const plain = name.toLowerCase().replaceAll(/[-_]/g, '');
  if (SECRET.test(plain)) {
    return '[secret]';
  }
  return BIOMETRIC.test(plain) && typeof value !== 'number' && typeof value !== 'boolean'
    ? '[biometric]'
    : scrub(value, depth + 1);
}
