import {
  type AuditServiceService,
  type DeadLetterServiceService,
  type KeyServiceService,
  type NotificationServiceService,
  Role,
} from '@mien/proto';
import { ANYWHERE, type MethodRules, NOBODY } from '../method-rule';
import { expectGroups } from '../reach';

const READ = { role: Role.ROLE_READ, changes: false, reach: ANYWHERE, about: NOBODY } as const;
/** Endpoints and rules send what is seen elsewhere, for as long as they stand: that is more than to look. */
const ENROL = { role: Role.ROLE_ENROL, changes: true, reach: ANYWHERE, about: NOBODY } as const;
const ADMIN = { role: Role.ROLE_ADMIN, changes: false, reach: ANYWHERE, about: NOBODY } as const;
const ADMIN_CHANGES = { ...ADMIN, changes: true } as const;

export const NOTIFICATION_RULES: MethodRules<typeof NotificationServiceService> = {
  createEndpoint: ENROL,
  listEndpoints: READ,
  rotateEndpointSecret: ENROL,
  deleteEndpoint: ENROL,
  createRule: {
    ...ENROL,
    reach: ({ groupIds }, scope) => expectGroups(groupIds, scope),
    about: ({ groupIds }) => ({ groupIds }),
  },
  listRules: READ,
  deleteRule: ENROL,
};

export const DEAD_LETTER_RULES: MethodRules<typeof DeadLetterServiceService> = {
  listDeadLetters: ADMIN,
  getDeadLetter: ADMIN,
  redriveDeadLetter: ADMIN_CHANGES,
};

export const KEY_RULES: MethodRules<typeof KeyServiceService> = {
  createKey: { ...ADMIN_CHANGES, about: ({ groupIds }) => ({ groupIds }) },
  getKey: ADMIN,
  listKeys: ADMIN,
  rotateKey: ADMIN_CHANGES,
  revokeKey: ADMIN_CHANGES,
};

export const AUDIT_RULES: MethodRules<typeof AuditServiceService> = {
  listAuditRecords: ADMIN,
  exportAuditRecords: ADMIN,
};
