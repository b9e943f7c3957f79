import { CALLER_NAMES, type CallerName, type Callers } from './callers';
import { DESIGNED_ROLES, type LeastRole } from './designed-roles';
import { isKeptOut, Knocker, knockOverHttp, type Outcome } from './knock';
import { publicMethodNames } from './public-methods';

/** A method, and what came of it for each caller. */
export interface WalkRow {
  readonly method: string;
  readonly transport: 'gRPC' | 'HTTP';
  readonly outcomes: Readonly<Record<CallerName, Outcome>>;
  /** Callers of whom it came out otherwise than designed. */
  readonly wrong: readonly CallerName[];
}

/** Every method over gRPC and every path of HTTP, each with every caller. */
export async function walk(
  { grpcAddress, httpAddress }: { readonly grpcAddress: string; readonly httpAddress: string },
  callers: Callers,
): Promise<WalkRow[]> {
  const knocker = new Knocker(grpcAddress);
  const rows: WalkRow[] = [];
  try {
    for (const method of publicMethodNames()) {
      const outcomes = await eachCaller(callers, (key) => knocker.overGrpc(method, key));
      rows.push(rowOf(method, 'gRPC', outcomes));
    }
  } finally {
    knocker.close();
  }
  for (const operation of await operations(httpAddress)) {
    const outcomes = await eachCaller(callers, (key) => knockOverHttp(httpAddress, operation, key));
    rows.push(rowOf(operation.name, 'HTTP', outcomes));
  }
  return rows;
}

async function eachCaller(
  callers: Callers,
  knock: (key: string | undefined) => Promise<Outcome>,
): Promise<Record<CallerName, Outcome>> {
  const outcomes = {} as Record<CallerName, Outcome>;
  for (const name of CALLER_NAMES) {
    outcomes[name] = await knock(callers[name]);
  }
  return outcomes;
}

const MAY: Readonly<Record<LeastRole, readonly CallerName[]>> = {
  read: ['read', 'enrol', 'admin'],
  enrol: ['enrol', 'admin'],
  admin: ['admin'],
};

const STRANGERS: Readonly<Partial<Record<CallerName, Outcome>>> = {
  none: 'KEY_MISSING',
  wrong: 'KEY_INVALID',
  expired: 'KEY_INVALID',
  revoked: 'KEY_INVALID',
};

function rowOf(
  method: string,
  transport: WalkRow['transport'],
  outcomes: Readonly<Record<CallerName, Outcome>>,
): WalkRow {
  const least = DESIGNED_ROLES[method];
  const wrong = CALLER_NAMES.filter((name) => {
    const stranger = STRANGERS[name];
    if (stranger !== undefined) {
      return outcomes[name] !== stranger;
    }
    const may = least !== undefined && MAY[least].includes(name);
    return may ? isKeptOut(outcomes[name]) : outcomes[name] !== 'ROLE_INSUFFICIENT';
  });
  return { method, transport, outcomes, wrong: least === undefined ? CALLER_NAMES : wrong };
}

interface Operation {
  readonly method: string;
  readonly path: string;
  /** The method of gRPC that it is. */
  readonly name: string;
}

/** What the OpenAPI document offers. */
async function operations(httpAddress: string): Promise<Operation[]> {
  const response = await fetch(`http://${httpAddress}/openapi.json`);
  const { paths } = (await response.json()) as {
    paths: Record<string, Record<string, { operationId: string; tags: string[] }>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, tags }]) => ({
      method: method.toUpperCase(),
      path,
      name: `mien.v1.${tags[0]}/${operationId[0]?.toUpperCase()}${operationId.slice(1)}`,
    })),
  );
}
