import {
  CreateEndpointRequest,
  CreateEndpointResponse,
  CreateRuleRequest,
  CreateRuleResponse,
  DeleteEndpointRequest,
  DeleteEndpointResponse,
  DeleteRuleRequest,
  DeleteRuleResponse,
  ListEndpointsRequest,
  ListEndpointsResponse,
  ListRulesRequest,
  ListRulesResponse,
  NotificationServiceService,
  RotateEndpointSecretRequest,
  RotateEndpointSecretResponse,
} from '@mien/proto';
import { type Endpoint, endpoint } from '../http/endpoints/endpoint';

export const NOTIFICATION_ENDPOINTS: readonly Endpoint[] = [
  endpoint('POST', '/v1/endpoints', {
    rpc: NotificationServiceService.createEndpoint,
    request: CreateEndpointRequest,
    response: CreateEndpointResponse,
    use: ({ notifications }) => notifications.createEndpoint,
    example: { url: 'https://example.com/mien', name: 'front desk' },
  }),
  endpoint('GET', '/v1/endpoints', {
    rpc: NotificationServiceService.listEndpoints,
    request: ListEndpointsRequest,
    response: ListEndpointsResponse,
    use: ({ notifications }) => notifications.listEndpoints,
  }),
  endpoint('POST', '/v1/endpoints/{id}/secret', {
    rpc: NotificationServiceService.rotateEndpointSecret,
    request: RotateEndpointSecretRequest,
    response: RotateEndpointSecretResponse,
    use: ({ notifications }) => notifications.rotateEndpointSecret,
  }),
  endpoint('DELETE', '/v1/endpoints/{id}', {
    rpc: NotificationServiceService.deleteEndpoint,
    request: DeleteEndpointRequest,
    response: DeleteEndpointResponse,
    use: ({ notifications }) => notifications.deleteEndpoint,
  }),
  endpoint('POST', '/v1/rules', {
    rpc: NotificationServiceService.createRule,
    request: CreateRuleRequest,
    response: CreateRuleResponse,
    use: ({ notifications }) => notifications.createRule,
    example: {
      name: 'greet our guests',
      groupIds: ['guests'],
      sources: ['lobby'],
      minimumScore: 60,
      quietSeconds: 3_600,
      endpointId: '5b0a2b5e-6c7d-4a57-9f3b-0d8f0c6c2b11',
    },
  }),
  endpoint('GET', '/v1/rules', {
    rpc: NotificationServiceService.listRules,
    request: ListRulesRequest,
    response: ListRulesResponse,
    use: ({ notifications }) => notifications.listRules,
  }),
  endpoint('DELETE', '/v1/rules/{id}', {
    rpc: NotificationServiceService.deleteRule,
    request: DeleteRuleRequest,
    response: DeleteRuleResponse,
    use: ({ notifications }) => notifications.deleteRule,
  }),
];
