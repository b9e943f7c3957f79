import { MienError } from '@mien/errors';
import type { EndpointStore, RuleStore, StoredEndpoint, StoredRule } from '@mien/notifications';
import { type Network, parseOutboundUrl } from '@mien/outbound';
import {
  DeleteEndpointResponse,
  DeleteRuleResponse,
  type Endpoint,
  type NotificationServiceService,
  Role,
  type Rule,
} from '@mien/proto';
import type { Principal } from '../access/principal';
import type { Call } from '../usecases/call';
import type { Methods } from '../usecases/methods';
import { pageOf } from './pages';
import { validateRule } from './validation';

/** mien.v1.NotificationService without a transport. */
export type NotificationUseCases = Methods<typeof NotificationServiceService>;

interface NotificationParts {
  readonly endpoints: EndpointStore;
  readonly rules: RuleStore;
  /** Networks that callbacks may go to beside the public Internet. */
  readonly allowedNetworks: readonly Network[];
}

/** Throws ENDPOINT_NOT_FOUND unless the endpoint is one of the caller's. */
export async function ownEndpoint(endpoints: EndpointStore, id: string, call: Call): Promise<StoredEndpoint> {
  const endpoint = await endpoints.get(id);
  if (!owns(call, endpoint)) {
    throw new MienError('ENDPOINT_NOT_FOUND', `there is no endpoint ${id}`);
  }
  return endpoint;
}

export function notificationUseCases({
  endpoints,
  rules,
  allowedNetworks,
}: NotificationParts): NotificationUseCases {
  return {
    createEndpoint: async ({ url, name }, call) => {
      const { href } = parseOutboundUrl(url, allowedNetworks);
      const endpoint = await endpoints.create({ url: href, name, keyId: principalOf(call).keyId });
      return { endpoint: endpointMessage(endpoint), secret: endpoint.secrets[0]?.secret ?? '' };
    },
    listEndpoints: async ({ page }, call) => {
      const own = (await endpoints.list()).filter((endpoint) => owns(call, endpoint));
      const { entries, nextCursor } = pageOf(own, page);
      return { endpoints: entries.map(endpointMessage), nextCursor };
    },
    rotateEndpointSecret: async ({ id }, call) => {
      await ownEndpoint(endpoints, id, call);
      return { secret: await endpoints.rotateSecret(id) };
    },
    deleteEndpoint: async ({ id }, call) => {
      await ownEndpoint(endpoints, id, call);
      await endpoints.delete(id);
      return DeleteEndpointResponse.fromPartial({});
    },
    createRule: async (request, call) => {
      validateRule(request);
      const { keyId, groupIds: reach } = principalOf(call);
      expectReached(request.groupIds, reach);
      await ownEndpoint(endpoints, request.endpointId, call);
      const { name, groupIds, strangers, sources, minimumScore, quietSeconds, endpointId } = request;
      const wanted = { name, groupIds, strangers, sources, minimumScore, quietSeconds, endpointId };
      return { rule: ruleMessage(await rules.create({ ...wanted, keyId, reach })) };
    },
    listRules: async ({ page }, call) => {
      const own = (await rules.list()).filter((rule) => owns(call, rule));
      const { entries, nextCursor } = pageOf(own, page);
      return { rules: entries.map(ruleMessage), nextCursor };
    },
    deleteRule: async ({ id }, call) => {
      if (!owns(call, await rules.get(id))) {
        throw new MienError('RULE_NOT_FOUND', `there is no rule ${id}`);
      }
      await rules.delete(id);
      return DeleteRuleResponse.fromPartial({});
    },
  };
}

function principalOf(call: Call): Principal {
  return call.origin.principal;
}

/** What belongs to another key is not there, except for admins. */
function owns(call: Call, { keyId }: { readonly keyId: string }): boolean {
  const { role, keyId: own } = principalOf(call);
  return role === Role.ROLE_ADMIN || keyId === own;
}

function expectReached(groupIds: readonly string[], reach: readonly string[]): void {
  const other = reach.length === 0 ? undefined : groupIds.find((id) => !reach.includes(id));
  if (other !== undefined) {
    throw new MienError('GROUP_FORBIDDEN', `the key does not reach group ${other}`, {
      metadata: { groupId: other },
    });
  }
}

function endpointMessage({ id, url, name, createdAt, keyId }: StoredEndpoint): Endpoint {
  return { id, url, name, createdAt, keyId };
}

function ruleMessage({ reach: _, ...rule }: StoredRule): Rule {
  return { ...rule, groupIds: [...rule.groupIds], sources: [...rule.sources] };
}
