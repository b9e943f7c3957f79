import {
  CreateKeyRequest,
  CreateKeyResponse,
  GetKeyRequest,
  GetKeyResponse,
  KeyServiceService,
  ListKeysRequest,
  ListKeysResponse,
  RevokeKeyRequest,
  RevokeKeyResponse,
  RotateKeyRequest,
  RotateKeyResponse,
} from '@mien/proto';
import { type Endpoint, endpoint } from '../http/endpoints/endpoint';

export const KEY_ENDPOINTS: readonly Endpoint[] = [
  endpoint('POST', '/v1/keys', {
    rpc: KeyServiceService.createKey,
    request: CreateKeyRequest,
    response: CreateKeyResponse,
    use: ({ keys }) => keys.createKey,
    example: { name: 'front desk', role: 'ROLE_READ', groupIds: ['guests'], requestsPerSecond: 20 },
  }),
  endpoint('GET', '/v1/keys', {
    rpc: KeyServiceService.listKeys,
    request: ListKeysRequest,
    response: ListKeysResponse,
    use: ({ keys }) => keys.listKeys,
  }),
  endpoint('GET', '/v1/keys/{id}', {
    rpc: KeyServiceService.getKey,
    request: GetKeyRequest,
    response: GetKeyResponse,
    use: ({ keys }) => keys.getKey,
  }),
  endpoint('POST', '/v1/keys/{id}/rotate', {
    rpc: KeyServiceService.rotateKey,
    request: RotateKeyRequest,
    response: RotateKeyResponse,
    use: ({ keys }) => keys.rotateKey,
    example: { graceSeconds: 3_600 },
  }),
  endpoint('POST', '/v1/keys/{id}/revoke', {
    rpc: KeyServiceService.revokeKey,
    request: RevokeKeyRequest,
    response: RevokeKeyResponse,
    use: ({ keys }) => keys.revokeKey,
  }),
];
