import type { Call } from '../usecases/call';
import type { AnyService, Methods } from '../usecases/methods';
import type { LibraryCalls } from '../usecases/ports';
import type { MethodRule, MethodRules, Scope } from './method-rule';
import { expectRole } from './role-rank';
import { eachAnswer } from './wrapped';

/** A service's methods for those who may: each call is held against its rule, whichever way it came. */
export function authorized<Definition extends AnyService>(
  definition: Definition,
  methods: Methods<Definition>,
  rules: MethodRules<Definition>,
  library: LibraryCalls | undefined,
): Methods<Definition> {
  return eachAnswer(definition, methods, rules, {
    answer: (answer, rule) => authorizedAnswer(answer, rule, library),
    stream: (answer, rule) =>
      async function* (request, call) {
        await admit(request, rule, call, library);
        yield* answer(request, call);
      },
  });
}

/** One method for those who may. */
export function authorizedAnswer<Request, Response>(
  answer: (request: Request, call: Call) => Promise<Response>,
  rule: MethodRule<Request, Response>,
  library: LibraryCalls | undefined,
): (request: Request, call: Call) => Promise<Response> {
  return async (request, call) => {
    const scope = await admit(request, rule, call, library);
    if (scope === undefined) {
      return await answer(request, call);
    }
    if (rule.limited !== undefined) {
      return await rule.limited(request, scope);
    }
    const response = await answer(request, call);
    return rule.shown === undefined ? response : rule.shown(response, scope);
  };
}

/** The caller's scope when it has limits. Throws ROLE_INSUFFICIENT, GROUP_FORBIDDEN, or as if nothing were there. */
async function admit<Request>(
  request: Request,
  rule: Pick<MethodRule<Request, unknown>, 'role' | 'roleFor' | 'reach'>,
  call: Call,
  library: LibraryCalls | undefined,
): Promise<Scope | undefined> {
  const { groupIds } = call.origin.principal;
  expectRole(call.origin.principal, rule.roleFor?.(request) ?? rule.role);
  if (groupIds.length === 0) {
    return undefined;
  }
  const scope = { groupIds, library, call };
  await rule.reach(request, scope);
  return scope;
}
