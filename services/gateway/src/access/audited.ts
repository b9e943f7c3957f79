import { asMienError } from '@mien/errors';
import { type Call, CallCancelled } from '../usecases/call';
import type { AnyService, Methods } from '../usecases/methods';
import { type AuditSink, recordOf } from './audit-record';
import type { MethodRule, MethodRules } from './method-rule';
import { eachAnswer } from './wrapped';

/**
 * A service's methods, with a record of each call in the trail before its answer leaves; of changes, before they are
 * made as well. Where nothing can be written down, nothing is answered.
 */
export function audited<Definition extends AnyService>(
  definition: Definition,
  methods: Methods<Definition>,
  rules: MethodRules<Definition>,
  trail: AuditSink,
): Methods<Definition> {
  return eachAnswer(definition, methods, rules, {
    answer: (answer, rule, path) => auditedAnswer(answer, rule, path, trail),
    stream: (answer, rule, path) => auditedStream(answer, new Recorder(path, rule, trail)),
  });
}

/** One method with a record of each call. */
export function auditedAnswer<Request, Response>(
  answer: (request: Request, call: Call) => Promise<Response>,
  rule: MethodRule<Request, Response>,
  path: string,
  trail: AuditSink,
): (request: Request, call: Call) => Promise<Response> {
  const recorder = new Recorder(path, rule, trail);
  return async (request, call) => {
    if (rule.changes) {
      await recorder.write('asked', call, request);
    }
    const response = await recorder.watched(() => answer(request, call), call, request);
    await recorder.write('ok', call, request, response);
    return response;
  };
}

/** One record for all of a stream, when its first message is there. */
function auditedStream<Request, Response>(
  answer: (request: Request, call: Call) => AsyncIterable<Response>,
  recorder: Recorder<Request, Response>,
): (request: Request, call: Call) => AsyncIterable<Response> {
  return async function* (request, call) {
    const messages = answer(request, call)[Symbol.asyncIterator]();
    try {
      let next = await recorder.watched(() => messages.next(), call, request);
      await recorder.write('ok', call, request);
      while (next.done !== true) {
        yield next.value;
        next = await messages.next();
      }
    } finally {
      // Not awaited: a source in the middle of something may take its time.
      messages.return?.().catch(() => undefined);
    }
  };
}

/** Writes the records of one method. */
class Recorder<Request, Response> {
  constructor(
    private readonly path: string,
    private readonly rule: MethodRule<Request, Response>,
    private readonly trail: AuditSink,
  ) {}

  write(outcome: string, call: Call, request: Request, response?: Response): Promise<void> {
    const about = this.rule.about(request, response);
    return this.trail.append(recordOf(this.path.slice(1), outcome, about, call.origin));
  }

  /** Does the work; of work that fails, writes why. */
  async watched<Result>(work: () => Promise<Result>, call: Call, request: Request): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const outcome = error instanceof CallCancelled ? 'cancelled' : asMienError(error).reason;
      // What is wrong with the call matters more to its caller than what is wrong with the trail.
      await this.write(outcome, call, request).catch(() => undefined);
      throw error;
    }
  }
}
