import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { MienError } from '@mien/errors';
import { CreateGroupRequest, SearchRequest, SubmitJobRequest } from '@mien/proto';
import { Contract } from '../http/openapi/contract';
import { FIELD_LIMITS, LIST_LIMITS, listLimit, STRING_LIMITS, stringLimit } from './limits';
import { checkBounds, checkRequestBytes, fullName, inputOf } from './request-bounds';

const { registry } = Contract.load();

/** Every message that a request of mien.v1 holds, itself included. */
function requestMessages(): DescMessage[] {
  const found = new Map<string, DescMessage>();
  const visit = (message: DescMessage) => {
    if (!found.has(message.typeName)) {
      found.set(message.typeName, message);
      for (const field of message.fields) {
        if (field.message !== undefined) {
          visit(field.message);
        }
      }
    }
  };
  for (const type of registry) {
    if (type.kind === 'service' && type.file.proto.package === 'mien.v1') {
      type.methods.forEach((method) => {
        visit(method.input);
      });
    }
  }
  return [...found.values()];
}

const fields = requestMessages().flatMap((message) => message.fields);
const isText = (field: DescField) => field.fieldKind !== 'map' && field.scalar === 9;
const texts = fields.filter(isText);
const lists = fields.filter((field) => field.fieldKind === 'list');

/** The smallest message with that value in that field, as ts-proto has it. */
function holding(field: DescField, value: unknown): Record<string, unknown> {
  const whole = field.fieldKind === 'list' ? [value] : value;
  return field.oneof === undefined
    ? { [field.jsonName]: whole }
    : { [field.oneof.localName]: { $case: field.jsonName, value: whole } };
}

function refusal(request: unknown, message: DescMessage): string | undefined {
  try {
    checkBounds(request, message);
    return undefined;
  } catch (error) {
    return error instanceof MienError ? `${error.reason} ${error.metadata['field']}` : String(error);
  }
}

describe('bounds of requests', () => {
  it('are there for every text and every list of the contract', () => {
    expect(texts.length).toBeGreaterThan(30);
    expect(lists.length).toBeGreaterThan(10);
  });

  it.each(texts.map((field) => [fullName(field), field] as const))('hold for the text %s', (name, field) => {
    const maximum = stringLimit(name);
    const most = 'é'.repeat(Math.floor(maximum / 2));
    const at = field.fieldKind === 'list' ? `${field.name}[0]` : field.name;
    expect(refusal(holding(field, most), field.parent)).toBeUndefined();
    expect(refusal(holding(field, `${most}é`), field.parent)).toBe(`ARGUMENT_INVALID ${at}`);
    // As JSON has it, too, where oneofs are flat.
    expect(refusal({ [field.jsonName]: `${most}é` }, field.parent)).toMatch(/^ARGUMENT_INVALID /);
  });

  it.each(lists.map((field) => [fullName(field), field] as const))('hold for the list %s', (name, field) => {
    const entries = Array(listLimit(name).maximum + 1).fill(field.message === undefined ? '' : {});
    expect(refusal({ [field.jsonName]: entries }, field.parent)).toBe(`ARGUMENT_INVALID ${field.name}`);
  });

  it('name only fields that there are', () => {
    const known = new Set(fields.map(fullName));
    for (const table of [STRING_LIMITS, LIST_LIMITS, FIELD_LIMITS]) {
      for (const name of Object.keys(table)) {
        expect(known).toContain(name);
      }
    }
  });

  it('are found deep inside', () => {
    const job = SubmitJobRequest.fromPartial({
      photos: [{ name: 'a' }, { person: { id: 'x'.repeat(257) } }],
    });
    const message = inputOf('/mien.v1.JobService/SubmitJob', registry);
    expect(message && refusal(job, message)).toBe('ARGUMENT_INVALID photos[1].person.id');
    const search = SearchRequest.fromPartial({
      groupIds: ['a'],
      face: { $case: 'template', value: { modelVersion: 'v'.repeat(300) } },
    });
    const searching = inputOf('/mien.v1.LibraryService/Search', registry);
    expect(searching && refusal(search, searching)).toBe('ARGUMENT_INVALID template.model_version');
  });

  it('let pass what a client would send', () => {
    const message = inputOf('/mien.v1.LibraryService/CreateGroup', registry);
    const group = CreateGroupRequest.fromPartial({ id: 'g'.repeat(64), name: '🙂'.repeat(60) });
    expect(message && refusal(group, message)).toBeUndefined();
  });

  it('refuse large messages where no photo can be in them, before they are read', () => {
    const [plain, photo] = ['GetGroup', 'Search'].map((name) =>
      inputOf(`/mien.v1.LibraryService/${name}`, registry),
    );
    expect(() => plain && checkRequestBytes(1_048_577, plain)).toThrow(/1048576 bytes/);
    expect(() => plain && checkRequestBytes(1_048_576, plain)).not.toThrow();
    expect(() => photo && checkRequestBytes(20_000_000, photo)).not.toThrow();
  });
});
