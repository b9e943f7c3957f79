import { MienError } from '@mien/errors';
import { AesGcmCipher } from './aes-gcm-cipher';

/** 32 bytes in base64, which ends in one sign of padding. */
const KEY = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Keys as they are written in a configuration: base64, separated by commas, the one for new bytes first. Throws
 * CONFIGURATION_INVALID, without repeating the text, which may hold a secret with a slip of the pen in it.
 */
export function parseEncryptionKeys(text: string): AesGcmCipher {
  const [first, ...older] = text.split(',').map((part) => keyOf(part.trim()));
  if (first === undefined) {
    throw wrong();
  }
  return new AesGcmCipher(first, ...older);
}

function keyOf(text: string): Buffer {
  if (!KEY.test(text)) {
    throw wrong();
  }
  return Buffer.from(text, 'base64');
}

function wrong(): MienError {
  return new MienError(
    'CONFIGURATION_INVALID',
    'encryption keys are 32 bytes in base64 each, separated by commas (`openssl rand -base64 32` makes one)',
  );
}
