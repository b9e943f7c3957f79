import type { FastifyRequest } from 'fastify';
import { TencentError } from './errors/tencent-error';
import { flatParameters, unflattened } from './flat-parameters';
import { readParameterSignature } from './signing/parameter-signature';
import type { Claim, SignedRequest } from './signing/signed-request';
import { readTc3 } from './signing/tc3';

/** A request as far as it can be read before it is known whose it is. */
export interface ReadRequest {
  readonly action: string;
  readonly version: string;
  readonly language: unknown;
  /** Empty when the client sends none. */
  readonly trace: string;
  /** As the request says; nothing is proven by it. Empty for an unsigned one. */
  readonly secretId: string;
  /** Who signed it, by its own account. Throws AuthFailure.InvalidAuthorization. */
  claim(): Claim;
  /** What the action is asked with. Throws InvalidParameter codes. */
  parameters(): unknown;
}

const FORM = 'application/x-www-form-urlencoded';
const EMPTY = Buffer.alloc(0);

/** Headers tell what is asked (TC3), or with the older signatures the parameters themselves. */
export function readRequest(request: FastifyRequest): ReadRequest {
  const { headers, body, method, raw } = request;
  const query = raw.url?.split('?')[1] ?? '';
  const bytes = Buffer.isBuffer(body) ? body : EMPTY;
  const signed: SignedRequest = { method, query, headers, body: bytes };
  const isForm = method === 'GET' || (headers['content-type'] ?? '').startsWith(FORM);
  const flat = isForm ? flatParameters(method === 'GET' ? query : bytes.toString('utf8')) : new Map();
  return headers['x-tc-action'] === undefined && flat.has('Action')
    ? readOlder(signed, flat)
    : readCurrent(signed, isForm ? flat : undefined);
}

function readCurrent(request: SignedRequest, flat: ReadonlyMap<string, string> | undefined): ReadRequest {
  return {
    action: header(request, 'x-tc-action'),
    version: header(request, 'x-tc-version'),
    language: header(request, 'x-tc-language'),
    trace: header(request, 'x-tc-traceid'),
    secretId: /Credential=([^/,\s]{1,128})\//.exec(header(request, 'authorization'))?.[1] ?? '',
    claim: () => readTc3(request),
    parameters: () => (flat === undefined ? jsonOf(request.body) : unflattened(flat)),
  };
}

function readOlder(request: SignedRequest, flat: ReadonlyMap<string, string>): ReadRequest {
  return {
    action: flat.get('Action') ?? '',
    version: flat.get('Version') ?? '',
    language: flat.get('Language'),
    trace: header(request, 'x-tc-traceid'),
    secretId: flat.get('SecretId') ?? '',
    claim: () => readParameterSignature(request, flat),
    parameters: () => unflattened(flat),
  };
}

function header({ headers }: SignedRequest, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
}

/** No body at all is a request without parameters. */
function jsonOf(body: Buffer): unknown {
  if (body.length === 0) {
    return {};
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new TencentError('InvalidParameter.InvalidParameter');
  }
}
