import { randomBytes } from 'node:crypto';
import { AesGcmCipher } from './aes-gcm-cipher';
import { parseEncryptionKeys } from './encryption-keys';

const [key, other] = [randomBytes(32), randomBytes(32)];
const plain = randomBytes(5_000);

describe('AES-256-GCM', () => {
  it('opens what it sealed, which is never the same twice and shows nothing', () => {
    const cipher = new AesGcmCipher(key);
    const [a, b] = [cipher.seal(plain, 'photo 1'), cipher.seal(plain, 'photo 1')];
    expect(cipher.open(a, cipher.keyId, 'photo 1').equals(plain)).toBe(true);
    expect(a.equals(b)).toBe(false);
    expect(a).toHaveLength(plain.length + 28);
    expect(a.includes(plain.subarray(100, 116))).toBe(false);
    expect(cipher.open(cipher.seal(Buffer.alloc(0), 'x'), cipher.keyId, 'x')).toHaveLength(0);
  });

  it('opens nothing that was changed, cut, or belongs elsewhere', () => {
    const cipher = new AesGcmCipher(key);
    const sealed = cipher.seal(plain, 'photo 1');
    for (const position of [0, 12, 2_000, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(position) ^ 1, position);
      expect(() => cipher.open(changed, cipher.keyId, 'photo 1')).toThrow();
    }
    for (const length of [0, 5, 27, sealed.length - 1]) {
      expect(() => cipher.open(sealed.subarray(0, length), cipher.keyId, 'photo 1')).toThrow();
    }
    expect(() => cipher.open(sealed, cipher.keyId, 'photo 2')).toThrow();
  });

  it('reads with older keys and writes with the first', () => {
    const before = new AesGcmCipher(key);
    const after = new AesGcmCipher(other, key);
    const sealed = before.seal(plain, 'photo 1');
    expect(after.open(sealed, before.keyId, 'photo 1').equals(plain)).toBe(true);
    expect(after.keyId).toBe(new AesGcmCipher(other).keyId);
    expect([before.knows(before.keyId), after.knows(before.keyId), before.knows(after.keyId)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(() => before.open(after.seal(plain, 'photo 1'), after.keyId, 'photo 1')).toThrow(after.keyId);
    expect(() => after.open(sealed, after.keyId, 'photo 1')).toThrow();
  });

  it('gives names stand-ins that depend on the key', () => {
    const cipher = new AesGcmCipher(key);
    expect(cipher.pseudonym('abc')).toMatch(/^[0-9a-f]{64}$/);
    expect(cipher.pseudonym('abc')).toBe(new AesGcmCipher(key, other).pseudonym('abc'));
    expect(cipher.pseudonym('abc')).not.toBe(cipher.pseudonym('abd'));
    expect(cipher.pseudonym('abc')).not.toBe(new AesGcmCipher(other).pseudonym('abc'));
  });
});

describe('configured keys', () => {
  it('are read from base64, the first for new bytes', () => {
    const cipher = parseEncryptionKeys(`${key.toString('base64')}, ${other.toString('base64')}`);
    expect(cipher.keyId).toBe(new AesGcmCipher(key).keyId);
    expect(cipher.knows(new AesGcmCipher(other).keyId)).toBe(true);
  });

  it.each([
    '',
    'password',
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('base64'),
    `${key.toString('base64')},`,
    key.toString('hex'),
  ])('are refused and not repeated: case %#', (text) => {
    let message = '';
    try {
      parseEncryptionKeys(text);
    } catch (error) {
      expect(error).toMatchObject({ reason: 'CONFIGURATION_INVALID' });
      message = String(error);
    }
    expect(message).not.toBe('');
    expect(text !== '' && message.includes(text)).toBe(false);
  });
});
