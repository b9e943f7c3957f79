import type { Call } from '../usecases/call';
import type { AnyService, Methods } from '../usecases/methods';
import type { MethodRule, MethodRules } from './method-rule';

type AnyRule = MethodRule<never, unknown>;
type Answer = (request: never, call: Call) => Promise<unknown>;
type Stream = (request: never, call: Call) => AsyncIterable<unknown>;

interface Wrappers {
  answer(answer: Answer, rule: AnyRule, path: string): Answer;
  stream(answer: Stream, rule: AnyRule, path: string): Stream;
}

/** A service's methods, each made anew of what answered before and of its rule. */
export function eachAnswer<Definition extends AnyService>(
  definition: Definition,
  methods: Methods<Definition>,
  rules: MethodRules<Definition>,
  wrappers: Wrappers,
): Methods<Definition> {
  const answers = methods as Readonly<Record<string, Answer | Stream>>;
  const rows = rules as Readonly<Record<string, AnyRule>>;
  const wrapped = Object.entries(definition).map(([name, { path, responseStream }]) => {
    const [answer, rule] = [answers[name], rows[name]];
    if (answer === undefined || rule === undefined) {
      throw new TypeError(`${path} has no answer or no rule`);
    }
    return [
      name,
      responseStream
        ? wrappers.stream(answer as Stream, rule, path)
        : wrappers.answer(answer as Answer, rule, path),
    ];
  });
  // The entries are those of the definition, of the types that its methods had before.
  return Object.fromEntries(wrapped) as Methods<Definition>;
}
