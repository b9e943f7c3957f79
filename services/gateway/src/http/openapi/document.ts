import type { DescMethod } from '@bufbuild/protobuf';
import { STATUS_OF_REASON } from '@mien/errors';
import { AUDIT_EXPORT } from '../../audit/export-endpoint';
import type { TimeoutLimits } from '../../usecases/timeout-limits';
import { CLUSTERS } from '../clusters/endpoint';
import { ENDPOINTS } from '../endpoints';
import { byPath, type Endpoint, pathFields } from '../endpoints/endpoint';
import { grpcStatusName, HTTP_STATUS_OF_REASON } from '../http-status';
import { JOB_EVENTS } from '../job-events/endpoint';
import { REQUEST_PART } from '../multipart';
import { queryFields } from '../request-json';
import { TIMEOUT_HEADER } from '../request-timeout';
import { albumFormSchema, clustersSchemas } from './clusters';
import type { Contract } from './contract';
import { fieldSchema, type JsonSchema, messageSchemas } from './json-schema';

const COMPONENTS = '#/components/schemas/';

/** The OpenAPI 3.1 document of the HTTP interface, made from the contract that gRPC is made from. */
export function openApiDocument(contract: Contract, version: string, timeouts: TimeoutLimits): JsonSchema {
  const services = [
    ...new Set([...ENDPOINTS, CLUSTERS, JOB_EVENTS, AUDIT_EXPORT].map(({ service }) => service)),
  ].map((name) => contract.service(name));
  const paths = [...byPath(ENDPOINTS)].map(([path, endpoints]) => [
    path,
    Object.fromEntries(
      endpoints.map((endpoint) => [endpoint.method.toLowerCase(), operation(endpoint, contract, timeouts)]),
    ),
  ]);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Mien',
      version,
      description: `Face recognition. The same over gRPC: ${services.map(({ typeName }) => `\`${typeName}\``).join(', ')}.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: services.map((service) => ({ name: service.name, description: contract.serviceComment(service) })),
    paths: {
      ...Object.fromEntries(paths),
      [CLUSTERS.path]: { post: clustersOperation(contract, timeouts) },
      [JOB_EVENTS.path]: { get: jobEventsOperation(contract) },
      [AUDIT_EXPORT.path]: { get: auditExportOperation(contract) },
    },
    components: { schemas: componentSchemas(contract), securitySchemes: { key: KEY_SCHEME } },
    security: [{ key: [] }],
  };
}

/** https://spec.openapis.org/oas/v3.1.1.html#security-scheme-object */
const KEY_SCHEME = {
  type: 'http',
  scheme: 'bearer',
  description: 'A key as CreateKey has told it: mien_ID_SECRET.',
};

/** The schema that a request to this endpoint is checked against: the documented one, complete in itself. */
export function requestValidationSchema(
  endpoint: Pick<Endpoint, 'service' | 'rpc'>,
  contract: Contract,
): JsonSchema {
  const { input } = rpc(endpoint, contract);
  const $defs = messageSchemas(input, contract, { refPrefix: '#/$defs/', closed: true });
  return { $ref: `#/$defs/${input.name}`, $defs };
}

/** The descriptor of the endpoint's RPC. */
export function rpc(endpoint: Pick<Endpoint, 'service' | 'rpc'>, contract: Contract) {
  const { methods } = contract.service(endpoint.service);
  const method = methods.find((candidate) => candidate.name === endpoint.rpc);
  if (method === undefined) {
    throw new TypeError(`${endpoint.service} has no ${endpoint.rpc}`);
  }
  return method;
}

function operation(endpoint: Endpoint, contract: Contract, timeouts: TimeoutLimits): JsonSchema {
  const method = rpc(endpoint, contract);
  return {
    ...described(method, contract),
    parameters: [...fieldParameters(endpoint, contract), timeoutParameter(timeouts)],
    ...(endpoint.example !== undefined && { requestBody: requestBody(endpoint, method.input.name) }),
  };
}

function clustersOperation(contract: Contract, timeouts: TimeoutLimits): JsonSchema {
  const form = { schema: albumFormSchema(contract, COMPONENTS) };
  return {
    ...described(rpc(CLUSTERS, contract), contract),
    parameters: [timeoutParameter(timeouts)],
    requestBody: { required: true, content: { 'multipart/form-data': form } },
  };
}

function jobEventsOperation(contract: Contract): JsonSchema {
  const shared = described(rpc(JOB_EVENTS, contract), contract);
  return {
    ...shared,
    parameters: [
      ...fieldParameters({ ...JOB_EVENTS, method: 'POST' }, contract),
      {
        name: 'Last-Event-ID',
        in: 'header',
        description: 'The id of the last event that was received: that state is not told again.',
        schema: { type: 'string' },
      },
    ],
    responses: {
      ...errorResponses(),
      200: {
        description: EVENTS_DESCRIPTION,
        content: { 'text/event-stream': { schema: { type: 'string' } } },
      },
      204: { description: 'The job has ended and the reader has its last state: no need to come again.' },
    },
  };
}

function auditExportOperation(contract: Contract): JsonSchema {
  return {
    ...described(rpc(AUDIT_EXPORT, contract), contract),
    parameters: fieldParameters(AUDIT_EXPORT, contract),
    responses: {
      ...errorResponses(),
      200: {
        description: 'An `AuditRecord` as JSON on each line.',
        content: { 'application/x-ndjson': { schema: { type: 'string' } } },
      },
    },
  };
}

const EVENTS_DESCRIPTION =
  'Server-Sent Events: `job` with a `WatchJobResponse` as JSON, now and after each change, until the job has ended; ' +
  '`problem` with an `Error` as JSON when there will be no more though it has not. Comments keep the connection alive.';

/** What every operation tells. */
function described(method: DescMethod, contract: Contract): JsonSchema {
  return {
    operationId: method.localName,
    tags: [method.parent.name],
    summary: contract.methodComment(method),
    responses: {
      200: {
        description: 'The answer.',
        content: { 'application/json': { schema: { $ref: COMPONENTS + method.output.name } } },
      },
      ...errorResponses(),
    },
  };
}

/** What the path and the query hold of the request. */
function fieldParameters(
  endpoint: Pick<Endpoint, 'method' | 'path' | 'service' | 'rpc'>,
  contract: Contract,
): JsonSchema[] {
  const { input } = rpc(endpoint, contract);
  const inPath = pathFields(endpoint.path);
  const hasQuery = endpoint.method === 'GET' || endpoint.method === 'DELETE';
  const options = { refPrefix: COMPONENTS, closed: true };
  return [
    ...input.fields
      .filter(({ jsonName }) => inPath.includes(jsonName))
      .map((field) => ({
        name: field.jsonName,
        in: 'path',
        required: true,
        schema: fieldSchema(field, contract, options),
      })),
    ...(hasQuery ? queryFields(input, inPath) : []).map((field) => ({
      name: field.jsonName,
      in: 'query',
      schema: fieldSchema(field, contract, options),
    })),
  ];
}

function requestBody(endpoint: Endpoint, requestName: string): JsonSchema {
  const form = { schema: formSchema(endpoint, requestName) };
  return {
    required: true,
    content: {
      'application/json': { schema: { $ref: COMPONENTS + requestName }, example: endpoint.example },
      ...(Object.keys(endpoint.photos).length > 0 && { 'multipart/form-data': form }),
    },
  };
}

function formSchema(endpoint: Endpoint, requestName: string): JsonSchema {
  const file = {
    type: 'string',
    contentMediaType: 'application/octet-stream',
    description: 'The encoded photo.',
  };
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(
        Object.entries(endpoint.photos).map(([field, maximum]) => [
          field,
          maximum === 1 ? file : { type: 'array', items: file, maxItems: maximum },
        ]),
      ),
      [REQUEST_PART]: {
        $ref: COMPONENTS + requestName,
        description: 'The rest of the request, as JSON. A photo may also be given here, by its url.',
      },
    },
    additionalProperties: false,
  };
}

function timeoutParameter(timeouts: TimeoutLimits): JsonSchema {
  return {
    name: TIMEOUT_HEADER,
    in: 'header',
    description: 'Milliseconds after which the answer is of no more use: the deadline of the request.',
    schema: { type: 'integer', minimum: 1, maximum: timeouts.maximumMs, default: timeouts.defaultMs },
  };
}

/** One response for each HTTP status that errors have, with the reasons behind it. */
function errorResponses(): Record<string, JsonSchema> {
  const reasons = Object.entries(HTTP_STATUS_OF_REASON);
  const codes = [...new Set(reasons.map(([, code]) => code))].sort((a, b) => a - b);
  const entries = codes.map((code) => {
    const names = reasons.filter(([, other]) => other === code).map(([reason]) => `\`${reason}\``);
    const content = { 'application/json': { schema: { $ref: `${COMPONENTS}Error` } } };
    return [String(code), { description: names.join(', '), content }];
  });
  return Object.fromEntries(entries);
}

function componentSchemas(contract: Contract): Record<string, JsonSchema> {
  const methods = ENDPOINTS.map((endpoint) => rpc(endpoint, contract));
  const outgoing = methods.map(({ output }) =>
    messageSchemas(output, contract, { refPrefix: COMPONENTS, closed: false }),
  );
  const incoming = methods.map(({ input }) =>
    messageSchemas(input, contract, { refPrefix: COMPONENTS, closed: true }),
  );
  const watched = messageSchemas(rpc(JOB_EVENTS, contract).output, contract, {
    refPrefix: COMPONENTS,
    closed: false,
  });
  return Object.assign({}, ...outgoing, clustersSchemas(contract, COMPONENTS), watched, ...incoming, {
    Error: ERROR_SCHEMA,
  });
}

const STATUS_NAMES = [...new Set(Object.values(STATUS_OF_REASON))].map(grpcStatusName);

const ERROR_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'Why there is no answer.',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'status', 'reason', 'message', 'metadata'],
      properties: {
        code: { type: 'integer', description: 'The HTTP status.' },
        status: { type: 'string', enum: STATUS_NAMES, description: 'The gRPC status.' },
        reason: {
          type: 'string',
          enum: Object.keys(STATUS_OF_REASON),
          description: 'Stable: this is what programs should look at.',
        },
        message: { type: 'string', description: 'For people. Its wording may change.' },
        metadata: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description: 'Facts, such as the field or the limit that was passed.',
        },
      },
    },
  },
};
