import { MienError } from '@mien/errors';
import {
  AuditServiceService,
  CreateEndpointResponse,
  CreateKeyResponse,
  CreateRuleResponse,
  DeadLetterKind,
  DeadLetterServiceService,
  ExportAuditRecordsResponse,
  GetDeadLetterResponse,
  KeyServiceService,
  ListAuditRecordsResponse,
  ListDeadLettersResponse,
  ListKeysResponse,
  ListRulesResponse,
  NotificationServiceService,
  Role,
  RotateEndpointSecretResponse,
} from '@mien/proto';
import { MienClient } from './mien-client';
import { AnsweringServer } from './testing/answering-server';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const item of items) {
    gathered.push(item);
  }
  return gathered;
}

describe('what operators ask', () => {
  const server = new AnsweringServer([
    AuditServiceService,
    DeadLetterServiceService,
    KeyServiceService,
    NotificationServiceService,
  ]);
  let address: string;
  let client: MienClient;

  beforeAll(async () => {
    address = await server.start();
    client = new MienClient(address, { timeoutMs: 10_000 });
  });

  afterAll(() => {
    client.close();
    server.stop();
  });

  beforeEach(() => {
    server.asked.length = 0;
  });

  it('keys: made, listed, rotated, revoked', async () => {
    server.answer = () => CreateKeyResponse.fromPartial({ key: { id: 'k' }, secret: 'mien_k_s' });
    const expiresAt = new Date(2030, 0, 1);
    const created = await client.keys.create({
      name: 'door',
      role: Role.ROLE_READ,
      groupIds: ['staff'],
      requestsPerSecond: 5,
      expiresAt,
    });
    expect(created.secret).toBe('mien_k_s');
    expect((await client.keys.rotate('k', { graceSeconds: 60 })).secret).toBe('mien_k_s');
    expect((await client.keys.revoke('k')).id).toBe('k');
    expect((await client.keys.get('k')).id).toBe('k');
    server.answer = () => ListKeysResponse.fromPartial({ keys: [{ id: 'k' }] });
    expect(await all(client.keys.list())).toMatchObject([{ id: 'k' }]);
    expect(server.asked).toMatchObject([
      {
        method: 'createKey',
        request: {
          name: 'door',
          role: Role.ROLE_READ,
          groupIds: ['staff'],
          requestsPerSecond: 5,
          burst: 0,
          expiresAt,
        },
      },
      { method: 'rotateKey', request: { id: 'k', graceSeconds: 60 } },
      { method: 'revokeKey', request: { id: 'k' } },
      { method: 'getKey', request: { id: 'k' } },
      { method: 'listKeys' },
    ]);
  });

  it('endpoints and rules', async () => {
    server.answer = () => CreateEndpointResponse.fromPartial({ endpoint: { id: 'e' }, secret: 'whsec_x' });
    const { endpoints, rules } = client.notifications;
    expect((await endpoints.create({ url: 'https://example.com/hook' })).secret).toBe('whsec_x');
    server.answer = () => RotateEndpointSecretResponse.fromPartial({ secret: 'whsec_y' });
    expect(await endpoints.rotateSecret('e')).toBe('whsec_y');
    await endpoints.delete('e');
    server.answer = () => CreateRuleResponse.fromPartial({ rule: { id: 'r' } });
    const rule = { endpointId: 'e', strangers: true, sources: ['gate'], minimumScore: 60, quietSeconds: 30 };
    expect(await rules.create(rule)).toMatchObject({ id: 'r' });
    await rules.delete('r');
    server.answer = () => ListRulesResponse.fromPartial({ rules: [{ id: 'r' }] });
    expect(await all(rules.list())).toMatchObject([{ id: 'r' }]);
    expect(server.asked.map(({ method }) => method)).toEqual([
      'createEndpoint',
      'rotateEndpointSecret',
      'deleteEndpoint',
      'createRule',
      'deleteRule',
      'listRules',
    ]);
    expect(server.asked[3]?.request).toMatchObject({ ...rule, groupIds: [], name: '' });
  });

  it('dead letters', async () => {
    server.answer = () => ListDeadLettersResponse.fromPartial({ letters: [{ id: 'stage-1' }] });
    const kinds = [DeadLetterKind.DEAD_LETTER_KIND_STAGE];
    expect(await all(client.deadLetters.list({ kinds }))).toMatchObject([{ id: 'stage-1' }]);
    expect(server.asked[0]?.request).toMatchObject({ kinds });
    server.answer = () => GetDeadLetterResponse.fromPartial({ letter: { id: 'stage-1', detail: '{}' } });
    expect(await client.deadLetters.get('stage-1')).toMatchObject({ detail: '{}' });
    await client.deadLetters.redrive('stage-1');
    expect(server.asked.at(-1)).toEqual({ method: 'redriveDeadLetter', request: { id: 'stage-1' } });
  });

  it('the audit trail: a broken export goes on behind the last record', async () => {
    const record = (sequence: number) => ({ sequence, at: new Date(1_000 * Math.ceil(sequence / 2)) });
    server.answer = async function* () {
      const sequences = server.asked.length === 1 ? [1, 2, 3] : [3, 4, 5];
      for (const sequence of sequences) {
        yield ExportAuditRecordsResponse.fromPartial({ record: record(sequence) });
      }
      if (server.asked.length === 1) {
        throw new MienError('SHUTTING_DOWN', 'going down');
      }
    } as AnsweringServer['answer'];
    const exported = await all(client.audit.export({ personId: 'ada' }));
    expect(exported.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(server.asked.map(({ request }) => request)).toMatchObject([
      { filter: { personId: 'ada', from: undefined } },
      { filter: { personId: 'ada', from: new Date(2_000) } },
    ]);
    server.asked.length = 0;
    server.answer = () => ListAuditRecordsResponse.fromPartial({ records: [record(7)] });
    const before = new Date(2030, 0, 1);
    expect(await all(client.audit.list({ keyId: 'k', before }))).toMatchObject([{ sequence: 7 }]);
    expect(server.asked[0]?.request).toMatchObject({ filter: { keyId: 'k', before, method: '' } });
  });

  it('a change that was refused for the rate is made after all, one that may be made already is not', async () => {
    server.answer = () => {
      if (server.asked.length === 1) {
        throw new MienError('RATE_LIMITED', 'slowly', { metadata: { retryAfterSeconds: '0.05' } });
      }
      return {};
    };
    const waits: number[] = [];
    const onRetry = (_: unknown, waitMs: number) => waits.push(waitMs);
    const patient = new MienClient(address, { onRetry });
    await patient.deadLetters.redrive('job-1');
    patient.close();
    expect(server.asked).toHaveLength(2);
    expect(waits).toEqual([expect.closeTo(52.5, -1)]);
    server.asked.length = 0;
    server.answer = () => {
      throw new MienError('SHUTTING_DOWN', 'going down', { metadata: { retryAfterSeconds: '0.05' } });
    };
    await expect(client.deadLetters.redrive('job-1')).rejects.toMatchObject({ reason: 'SHUTTING_DOWN' });
    expect(server.asked).toHaveLength(1);
  });
});
