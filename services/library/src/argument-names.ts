import { MienError } from '@mien/errors';

/** The people store's names of arguments that are others in the contract. */
const NAMES: Readonly<Record<string, string>> = { values: 'field_values' };
/** One person is read as a list of one. */
const ONLY_ID = 'ids[0]';

/**
 * Does the work of a call; a refusal of the people store then names the argument as the contract does, such as
 * field_names[1] instead of fieldNames[1].
 */
export async function withContractNames<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw renamed(error);
  }
}

function renamed(error: unknown): unknown {
  if (!(error instanceof MienError) || error.reason !== 'ARGUMENT_INVALID') {
    return error;
  }
  const { field } = error.metadata;
  if (field === undefined) {
    return error;
  }
  const name = contractName(field);
  const { message } = error;
  const text = message.startsWith(`${field}: `) ? `${name}: ${message.slice(field.length + 2)}` : message;
  return new MienError('ARGUMENT_INVALID', text, {
    cause: error,
    metadata: { ...error.metadata, field: name },
  });
}

function contractName(field: string): string {
  if (field === ONLY_ID) {
    return 'id';
  }
  const [, first = '', rest = ''] = /^([A-Za-z]*)(.*)$/.exec(field) ?? [];
  return `${NAMES[first] ?? snake(first)}${snake(rest)}`;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
