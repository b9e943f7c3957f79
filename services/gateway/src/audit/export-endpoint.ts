/** ExportAuditRecords as HTTP offers it. */
export const AUDIT_EXPORT = {
  method: 'GET',
  path: '/v1/audit/export',
  service: 'mien.v1.AuditService',
  rpc: 'ExportAuditRecords',
} as const;
