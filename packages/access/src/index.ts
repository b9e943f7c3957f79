/** Who may call, how often, and what they did. */
export { type AuditQuery, AuditTrail, type NewAuditRecord } from './audit/audit-trail';
export { KeyRing, type SigningApiKey } from './keys/key-ring';
export { KeyStore, type SecretKey, type WantedKey } from './keys/key-store';
export { newKeyText, writeKeyText } from './keys/key-text';
export { RateLimits } from './rates/rate-limits';
export { TakenSignatures } from './signatures/taken-signatures';
export { type AccessStreams, provisionAccess } from './streams';
