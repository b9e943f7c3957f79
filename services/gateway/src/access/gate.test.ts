import type { KeyRing, RateLimits } from '@mien/access';
import { MienError } from '@mien/errors';
import { ApiKey, Role } from '@mien/proto';
import { KeyGate, OPEN_GATE } from './gate';

const KEY = ApiKey.fromPartial({ id: 'k', role: Role.ROLE_READ, groupIds: ['staff'] });

/** The two things that a gate stands on, at the edge: one text is a key. */
function gate(taken: (key: ApiKey) => void = () => undefined): KeyGate {
  const authenticate = (text: string) => {
    if (text !== 'mien_k_s') {
      throw new MienError('KEY_INVALID', 'the key is not known');
    }
    return KEY;
  };
  return new KeyGate({ authenticate } as unknown as KeyRing, { take: taken } as unknown as RateLimits);
}

const reasonOf = (authorization: string | undefined): unknown => {
  try {
    return gate().enter({ authorization, peer: '' }).principal.keyId;
  } catch (error) {
    return error instanceof MienError ? error.reason : error;
  }
};

describe('the gate', () => {
  it.each([
    ['Bearer mien_k_s', 'k'],
    ['bearer  mien_k_s ', 'k'],
    [undefined, 'KEY_MISSING'],
    ['', 'KEY_MISSING'],
    ['mien_k_s', 'KEY_INVALID'],
    ['Basic mien_k_s', 'KEY_INVALID'],
    ['Bearer mien_k_s mien_k_s', 'KEY_INVALID'],
    ['Bearer', 'KEY_INVALID'],
    ['Bearer mien_k_t', 'KEY_INVALID'],
  ])('makes of %p %s', (authorization, expected) => {
    expect(reasonOf(authorization)).toBe(expected);
  });

  it('tells who it is, and counts', () => {
    const taken: string[] = [];
    const origin = gate(({ id }) => taken.push(id)).enter({
      authorization: 'Bearer mien_k_s',
      peer: 'ipv4:10.1.2.3:4711',
    });
    expect(origin).toEqual({
      principal: { keyId: 'k', role: Role.ROLE_READ, groupIds: ['staff'] },
      peer: '10.1.2.3',
    });
    expect(taken).toEqual(['k']);
  });

  it.each([
    ['10.1.2.3:4711', '10.1.2.3'],
    ['ipv6:[::1]:4711', '::1'],
    ['[fd00::1]:4711', 'fd00::1'],
    ['::1', '::1'],
    ['', ''],
  ])('takes the address of %p for %p', (peer, address) => {
    expect(OPEN_GATE.enter({ authorization: undefined, peer }).peer).toBe(address);
  });
});
