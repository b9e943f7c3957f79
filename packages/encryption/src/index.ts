export { AesGcmCipher } from './aes-gcm-cipher';
export type { Cipher } from './cipher';
export { parseEncryptionKeys } from './encryption-keys';
