import type { ApiKey } from '@mien/sdk';
import { momentText } from './moment';
import { textTable } from './table';
import { word } from './word';

/** Keys for a terminal, one a row. */
export function keyTable(keys: readonly ApiKey[]): string {
  return textTable(
    ['id', 'name', 'role', 'groups', 'rate', 'created', 'state'],
    keys.map((key) => [
      key.id,
      key.name,
      word(key.role, 'ROLE_'),
      key.groupIds.length === 0 ? 'all' : key.groupIds.join(', '),
      key.requestsPerSecond === 0 ? '' : `${key.requestsPerSecond}/s`,
      momentText(key.createdAt),
      stateOf(key),
    ]),
  );
}

function stateOf({ revokedAt, expiresAt }: ApiKey): string {
  if (revokedAt !== undefined) {
    return `revoked ${momentText(revokedAt)}`;
  }
  if (expiresAt === undefined) {
    return 'holds';
  }
  return `${expiresAt.getTime() <= Date.now() ? 'expired' : 'until'} ${momentText(expiresAt)}`;
}
