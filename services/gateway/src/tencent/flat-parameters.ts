import { TencentError } from './errors/tencent-error';

type Tree = { [name: string]: Tree | string };

const MOST_PARAMETERS = 10_000;
const DEEPEST = 8;

/** The parameters of a query or a form, which has lists and objects as names with dots: `GroupIds.0=staff`. */
export function flatParameters(text: string): ReadonlyMap<string, string> {
  const parameters = new Map(new URLSearchParams(text));
  if (parameters.size > MOST_PARAMETERS) {
    throw new TencentError('InvalidParameter.InvalidParameter');
  }
  return parameters;
}

/** The same as an object with lists and objects inside. Throws InvalidParameter for names that contradict each other. */
export function unflattened(parameters: ReadonlyMap<string, string>): unknown {
  const root: Tree = Object.create(null);
  for (const [name, value] of parameters) {
    const parts = name.split('.');
    if (parts.length > DEEPEST) {
      contradicted(name);
    }
    const last = parts.pop() ?? name;
    const inner = parts.reduce((tree, part) => {
      const next = tree[part] ?? Object.create(null);
      tree[part] = next;
      return typeof next === 'string' ? contradicted(name) : next;
    }, root);
    if (inner[last] !== undefined) {
      contradicted(name);
    }
    inner[last] = value;
  }
  return withLists(root);
}

function contradicted(name: string): never {
  throw new TencentError('InvalidParameter.InvalidParameter', name);
}

/** Objects whose names are 0, 1, 2 ... are lists. */
function withLists(tree: Tree): unknown {
  const names = Object.keys(tree);
  const values = names.map((name) => {
    const value = tree[name];
    return typeof value === 'object' ? withLists(value) : value;
  });
  const isList = names.length > 0 && names.every((name, index) => name === String(index));
  return isList ? values : Object.fromEntries(names.map((name, index) => [name, values[index]]));
}
