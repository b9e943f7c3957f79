export const KEYS_BUCKET = 'mien_keys';
/** Signatures of requests that were taken, so that no gateway takes one again. */
export const SIGNATURES_BUCKET = 'mien_signatures';
export const AUDIT_STREAM = 'MIEN_AUDIT';
export const AUDIT_SUBJECTS = 'mien.audit.*';
/** Core NATS: what gateways tell each other of the requests that they took. */
export const USAGE_SUBJECT = 'mien.access.usage';

/** Each key's records have a subject of their own, so that they are found without reading all others. */
export function auditSubject(keyId: string): string {
  return `mien.audit.${keyId}`;
}
