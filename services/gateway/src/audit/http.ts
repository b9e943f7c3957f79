import { AuditServiceService, ListAuditRecordsRequest, ListAuditRecordsResponse } from '@mien/proto';
import { type Endpoint, endpoint } from '../http/endpoints/endpoint';

export const AUDIT_ENDPOINTS: readonly Endpoint[] = [
  endpoint('GET', '/v1/audit', {
    rpc: AuditServiceService.listAuditRecords,
    request: ListAuditRecordsRequest,
    response: ListAuditRecordsResponse,
    use: ({ audit }) => audit.listAuditRecords,
  }),
];
