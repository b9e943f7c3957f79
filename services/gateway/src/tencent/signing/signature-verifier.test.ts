import { createHash, createHmac } from 'node:crypto';
import { LOCAL_OPERATOR } from '../../access/principal';
import { readParameterSignature } from './parameter-signature';
import { SignatureVerifier } from './signature-verifier';
import type { SignedRequest } from './signed-request';
import { readTc3 } from './tc3';

/** The example of the specification, which the official client gives the same signature. */
const [SECRET_ID, SECRET_KEY, TIMESTAMP] = ['AKIDEXAMPLE', 'SECRETEXAMPLE', 1_700_000_000];
const BODY = '{"Mode":1,"Url":"https://example.test/a.jpg"}';
const SIGNATURE = '36d87a26dabe531088bb7d65eb92e6d149c6f6beb2b9d9f5df96ae50aaf09d42';
const THEN = TIMESTAMP * 1_000;

const keys = {
  find: (id: string) =>
    id === SECRET_ID
      ? { secretKey: SECRET_KEY, principal: LOCAL_OPERATOR, admit: () => undefined }
      : undefined,
};

function example(change: Partial<SignedRequest['headers']> = {}, body = BODY): SignedRequest {
  return {
    method: 'POST',
    query: '',
    headers: {
      host: 'iai.tencentcloudapi.com',
      'content-type': 'application/json',
      'x-tc-timestamp': String(TIMESTAMP),
      authorization: authorization(),
      ...change,
    },
    body: Buffer.from(body),
  };
}

function authorization(secretId = SECRET_ID, signature = SIGNATURE, names = 'content-type;host'): string {
  return (
    `TC3-HMAC-SHA256 Credential=${secretId}/2023-11-14/iai/tc3_request, ` +
    `SignedHeaders=${names}, Signature=${signature}`
  );
}

/** What the check says: the code that refuses, or that it is fine. */
function verdict(work: () => unknown): string {
  try {
    work();
    return 'fine';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'another error';
  }
}

const checked = (request: SignedRequest, now = THEN) =>
  verdict(() => new SignatureVerifier(keys).verify(readTc3(request), now));

describe('TC3-HMAC-SHA256', () => {
  it('takes the signature of the specification, with and without a port in the host', () => {
    expect(checked(example())).toBe('fine');
    expect(checked(example({ host: 'iai.tencentcloudapi.com:8080' }))).toBe('fine');
  });

  it('takes further signed headers, in lower case as some clients sign them', () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const names = 'content-type;host;x-tc-action';
    const lines = 'content-type:application/json\nhost:iai.tencentcloudapi.com\nx-tc-action:detectface\n';
    const canonical = ['POST', '/', '', lines, names, sha256(BODY)].join('\n');
    const text = `TC3-HMAC-SHA256\n${TIMESTAMP}\n2023-11-14/iai/tc3_request\n${sha256(canonical)}`;
    const key = hmac(hmac(hmac(`TC3${SECRET_KEY}`, '2023-11-14'), 'iai'), 'tc3_request');
    const signature = hmac(key, text).toString('hex');
    const headers = {
      authorization: authorization(SECRET_ID, signature, names),
      'x-tc-action': 'DetectFace',
    };
    expect(checked(example(headers))).toBe('fine');
    expect(checked(example({ ...headers, 'x-tc-action': 'DeleteGroup' }))).toBe(
      'AuthFailure.SignatureFailure',
    );
  });

  it.each([
    ['a changed body', example({}, `${BODY} `)],
    ['another content type', example({ 'content-type': 'text/plain' })],
    ['another host', example({ host: 'elsewhere.test' })],
    ['another query', { ...example(), query: 'Mode=0' }],
    ['another method', { ...example(), method: 'GET' }],
    ['another time', example({ 'x-tc-timestamp': String(TIMESTAMP + 1) })],
    ['a wrong signature', example({ authorization: authorization(SECRET_ID, 'a'.repeat(64)) })],
  ])('refuses %s', (_, request) => {
    expect(checked(request)).toBe('AuthFailure.SignatureFailure');
  });

  it.each([
    ['no authorization', example({ authorization: undefined })],
    ['another scheme', example({ authorization: 'Bearer x' })],
    [
      'a signature without the host',
      example({ authorization: authorization(SECRET_ID, SIGNATURE, 'content-type') }),
    ],
    [
      'a signed header that is missing',
      example({ authorization: authorization(SECRET_ID, SIGNATURE, 'content-type;host;x-a') }),
    ],
    ['no timestamp', example({ 'x-tc-timestamp': undefined })],
    ['a timestamp that is none', example({ 'x-tc-timestamp': '1e9' })],
  ])('does not read %s', (_, request) => {
    expect(verdict(() => readTc3(request))).toBe('AuthFailure.InvalidAuthorization');
  });

  it('refuses unknown keys, before it tells of the clock', () => {
    const request = example({ authorization: authorization('AKIDOTHER') });
    expect(checked(request)).toBe('AuthFailure.SecretIdNotFound');
    expect(checked(request, 0)).toBe('AuthFailure.SecretIdNotFound');
  });

  it('refuses timestamps more than five minutes off, before it tells of the signature', () => {
    expect(checked(example(), THEN + 300_000)).toBe('fine');
    expect(checked(example(), THEN - 300_000)).toBe('fine');
    expect(checked(example(), THEN + 301_000)).toBe('AuthFailure.SignatureExpire');
    expect(checked(example({}, 'changed'), THEN - 301_000)).toBe('AuthFailure.SignatureExpire');
  });
});

describe('signatures among the parameters', () => {
  const parameters = (method: string, change: Record<string, string> = {}) => {
    const own: Record<string, string> = {
      Action: 'GetGroupList',
      Nonce: '11886',
      SecretId: SECRET_ID,
      SignatureMethod: method,
      Timestamp: String(TIMESTAMP),
      Version: '2020-03-03',
    };
    const text = Object.keys(own)
      .sort()
      .map((name) => `${name}=${own[name]}`)
      .join('&');
    const algorithm = method === 'HmacSHA256' ? 'sha256' : 'sha1';
    const signed = `POSTiai.tencentcloudapi.com/?${text}`;
    const Signature = createHmac(algorithm, SECRET_KEY).update(signed).digest('base64');
    return new Map(Object.entries({ ...own, Signature, ...change }));
  };
  const check = (given: ReadonlyMap<string, string>) =>
    verdict(() => new SignatureVerifier(keys).verify(readParameterSignature(example(), given), THEN));

  it.each(['HmacSHA1', 'HmacSHA256'])('takes %s', (method) => {
    expect(check(parameters(method))).toBe('fine');
    expect(check(parameters(method, { Action: 'DeleteGroup' }))).toBe('AuthFailure.SignatureFailure');
    expect(check(parameters(method, { Timestamp: '1' }))).toBe('AuthFailure.SignatureExpire');
    expect(check(parameters(method, { SecretId: 'other' }))).toBe('AuthFailure.SecretIdNotFound');
  });

  it('does not read other methods, or without a nonce', () => {
    expect(check(parameters('HmacSHA1', { SignatureMethod: 'HmacMD5' }))).toBe(
      'AuthFailure.InvalidAuthorization',
    );
    expect(check(parameters('HmacSHA1', { Nonce: '' }))).toBe('AuthFailure.InvalidAuthorization');
  });
});
