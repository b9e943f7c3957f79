import type { AuditTrail } from '@mien/access';
import { MienError } from '@mien/errors';
import type { AuditServiceService } from '@mien/proto';
import { USUAL_PAGE } from '../notifications/pages';
import { FIELD_LIMITS } from '../usecases/limits';
import type { Methods } from '../usecases/methods';
import { checkNumber } from '../usecases/validation';

/** mien.v1.AuditService without a transport. */
export type AuditUseCases = Methods<typeof AuditServiceService>;

export function auditUseCases(trail: AuditTrail): AuditUseCases {
  return {
    listAuditRecords: async ({ filter, page }) => {
      const { size = 0, cursor = '' } = page ?? {};
      checkNumber('page.size', size, FIELD_LIMITS['mien.v1.Page.size']);
      const before = cursor === '' ? undefined : placeIn(cursor);
      const found = await trail.list({ filter, size: size === 0 ? USUAL_PAGE : size, before });
      const nextCursor = found.before === undefined ? '' : String(found.before);
      return { records: found.records, nextCursor };
    },
    exportAuditRecords: async function* ({ filter }, call) {
      for await (const record of trail.export(filter)) {
        call.signal.throwIfAborted();
        yield { record };
      }
    },
  };
}

const PLACE = /^[1-9]\d{0,14}$/;

function placeIn(cursor: string): number {
  if (!PLACE.test(cursor)) {
    throw new MienError('CURSOR_INVALID', 'this is no cursor of the list', {
      metadata: { field: 'page.cursor' },
    });
  }
  return Number(cursor);
}
