import { STATUS_OF_REASON } from '@mien/errors';
import type { TimeoutLimits } from '../../usecases/timeout-limits';
import { ENDPOINTS, type Endpoint, FACE_SERVICE } from '../endpoints';
import { grpcStatusName, HTTP_STATUS_OF_REASON } from '../http-status';
import { REQUEST_PART } from '../multipart';
import { TIMEOUT_HEADER } from '../request-timeout';
import type { Contract } from './contract';
import { type JsonSchema, messageSchemas } from './json-schema';

const COMPONENTS = '#/components/schemas/';

/** The OpenAPI 3.1 document of the HTTP interface, made from the contract that gRPC is made from. */
export function openApiDocument(contract: Contract, version: string, timeouts: TimeoutLimits): JsonSchema {
  const service = contract.service(FACE_SERVICE);
  const paths = ENDPOINTS.map((endpoint) => [
    endpoint.path,
    { post: operation(endpoint, contract, timeouts) },
  ]);
  return {
    openapi: '3.1.1',
    info: {
      title: 'Mien',
      version,
      description: `${contract.serviceComment(service)}\n\nThe same over gRPC: \`${FACE_SERVICE}\`.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: [{ name: service.name }],
    paths: Object.fromEntries(paths),
    components: { schemas: componentSchemas(contract) },
  };
}

/** The schema that a JSON body of this endpoint is checked against: the documented one, complete in itself. */
export function requestValidationSchema(endpoint: Endpoint, contract: Contract): JsonSchema {
  const { input } = rpc(endpoint, contract);
  const $defs = messageSchemas(input, contract, { refPrefix: '#/$defs/', closed: true });
  return { $ref: `#/$defs/${input.name}`, $defs };
}

/** The descriptor of the endpoint's RPC. */
export function rpc(endpoint: Endpoint, contract: Contract) {
  const method = contract.service(FACE_SERVICE).methods.find((candidate) => candidate.name === endpoint.rpc);
  if (method === undefined) {
    throw new TypeError(`${FACE_SERVICE} has no ${endpoint.rpc}`);
  }
  return method;
}

function operation(endpoint: Endpoint, contract: Contract, timeouts: TimeoutLimits): JsonSchema {
  const method = rpc(endpoint, contract);
  return {
    operationId: method.localName,
    tags: [method.parent.name],
    summary: contract.methodComment(method),
    parameters: [timeoutParameter(timeouts)],
    requestBody: {
      required: true,
      content: {
        'application/json': { schema: { $ref: COMPONENTS + method.input.name }, example: endpoint.example },
        'multipart/form-data': { schema: formSchema(endpoint, method.input.name) },
      },
    },
    responses: {
      200: {
        description: 'The answer.',
        content: { 'application/json': { schema: { $ref: COMPONENTS + method.output.name } } },
      },
      ...errorResponses(),
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
      ...Object.fromEntries(endpoint.photoFields.map((field) => [field, file])),
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
  return Object.assign({}, ...outgoing, ...incoming, { Error: ERROR_SCHEMA });
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
