import { AesGcmCipher } from '@mien/encryption';
import { decodeEndpoint, encodeEndpoint } from './stored-endpoint';

const ENDPOINT = {
  id: 'e1',
  url: 'https://example.com/hook',
  name: 'hook',
  createdAt: new Date('2026-11-25T06:00:00.000Z'),
  keyId: 'ada',
  secrets: [{ secret: 'whsec_c2VjcmV0' }],
};

describe('an endpoint as it is kept', () => {
  const cipher = new AesGcmCipher(Buffer.alloc(32, 1));

  it.each([
    ['plain', undefined],
    ['sealed', cipher],
  ])('is the same when it is read, %s', (_, key) => {
    expect(decodeEndpoint(Buffer.from(encodeEndpoint(ENDPOINT, key)), key)).toEqual(ENDPOINT);
  });

  it('can still be read when a key comes to be used', () => {
    expect(decodeEndpoint(Buffer.from(encodeEndpoint(ENDPOINT, undefined)), cipher)).toEqual(ENDPOINT);
  });

  it('shows no secret where there is a key, and opens with that only', () => {
    const text = encodeEndpoint(ENDPOINT, cipher);
    expect(text).not.toContain('c2VjcmV0');
    for (const other of [undefined, new AesGcmCipher(Buffer.alloc(32, 2))]) {
      expect(() => decodeEndpoint(Buffer.from(text), other)).toThrow(
        expect.objectContaining({ reason: 'RECORD_UNREADABLE' }),
      );
    }
  });
});
