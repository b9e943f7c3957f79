import { ApiKey } from '@mien/proto';
import { Role } from '@mien/sdk';
import { keyTable } from './key-table';

test('keys, with what they may and how long', () => {
  const table = keyTable([
    ApiKey.fromPartial({
      id: 'k1',
      name: 'door',
      role: Role.ROLE_READ,
      groupIds: ['a', 'b'],
      requestsPerSecond: 5,
    }),
    ApiKey.fromPartial({ id: 'k2', role: Role.ROLE_ADMIN, expiresAt: new Date(0) }),
    ApiKey.fromPartial({ id: 'k3', expiresAt: new Date('2999-01-01') }),
    ApiKey.fromPartial({ id: 'k4', revokedAt: new Date(0), expiresAt: new Date('2999-01-01') }),
  ]);
  expect(table).toMatch(/k1 +│ door │ read +│ a, b +│ 5\/s +│ +│ holds/);
  expect(table).toMatch(/k2 .* admin .* all .* expired 1970-01-01T00:00:00Z/);
  expect(table).toMatch(/k3 .* until 2999-01-01T00:00:00Z/);
  expect(table).toMatch(/k4 .* revoked 1970-01-01T00:00:00Z/);
});
