import type { TakenSignatures } from '@mien/access';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { LOCAL_OPERATOR, type Principal } from '../access/principal';
import { mayActAs } from '../access/role-rank';
import { inRequestSpan } from '../http/tracing';
import type { Admission } from '../usecases/admission';
import { Call, CallCancelled, type CallOrigin } from '../usecases/call';
import type { PhotoFetcher } from '../usecases/ports';
import type { TimeoutLimits } from '../usecases/timeout-limits';
import type { UseCases } from '../usecases/use-cases';
import type { Action, ActionContext } from './action';
import { ACTIONS, checkTables } from './actions';
import { answerEnvelope, errorEnvelope, languageOf, refusalOf } from './envelope';
import type { ErrorContext } from './errors/code-of-reason';
import { TencentError } from './errors/tencent-error';
import { FaceModelNames } from './face-model-names';
import { OffsetPages } from './offset-pages';
import { givenPhoto } from './photo-source';
import { type ReadRequest, readRequest } from './read-request';
import { LinkSeals, ResultLinks } from './result-links';
import { addResultRoute } from './result-route';
import { Authenticator } from './signing/authenticator';
import type { SigningKeys } from './signing/signing-keys';

export interface TencentOptions {
  /** Its own, the rest of HTTP's, or none. */
  readonly port: number | 'same' | 'off';
  readonly useCases: UseCases;
  readonly admission: Admission;
  readonly timeouts: TimeoutLimits;
  readonly fetcher: PhotoFetcher;
  /** Undefined where no keys are asked for. */
  readonly keys: SigningKeys | undefined;
  readonly signatures: TakenSignatures;
  /** Our model versions by the names that they have here. */
  readonly faceModels: ReadonlyMap<string, string>;
  /** For so many seconds the same signed request is taken again; 0 for never. */
  readonly repeatSeconds: number;
  /** A duplicate check that would take longer is refused. */
  readonly longestCheckSeconds: number;
  readonly logger: FastifyBaseLogger;
}

const VERSION = '2020-03-03';
/** Four images of 5 MB in base64 and what is around them. */
const BODY_LIMIT = 4 * 5 * 1024 * 1024 + 64 * 1024;
const ROUTE = { method: 'POST', path: '/' };

/** Answers the actions of Tencent Cloud Face Recognition on `/`, in a part of the server that is apart from the rest. */
export async function addTencentEndpoint(app: FastifyInstance, options: TencentOptions): Promise<void> {
  checkTables();
  const seals = new LinkSeals(options.keys);
  const endpoint = new Endpoint(options, seals);
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body));
    scope.setErrorHandler((thrown, request, reply) => endpoint.refuse(thrown, request, reply));
    scope.route({
      method: ['GET', 'POST'],
      url: '/',
      bodyLimit: BODY_LIMIT,
      onRequest: async () => options.admission.refuseWhenFull(),
      handler: (request, reply) => endpoint.answer(request, reply),
    });
  });
  addResultRoute(app, options, seals);
}

class Endpoint {
  private readonly authenticator: Authenticator | undefined;
  private readonly models: FaceModelNames;
  private readonly pages = new OffsetPages();

  constructor(
    private readonly options: TencentOptions,
    private readonly seals: LinkSeals,
  ) {
    const { keys, signatures, repeatSeconds, faceModels } = options;
    this.authenticator = keys === undefined ? undefined : new Authenticator(keys, signatures, repeatSeconds);
    this.models = new FaceModelNames(faceModels);
  }

  async answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    let errors: ErrorContext = {};
    let language: unknown = request.headers['x-tc-language'];
    try {
      const read = readRequest(request);
      language = read.language;
      const origin = await this.originOf(read, request);
      const action = actionOf(read);
      errors = action.errors;
      requireRole(origin.principal, action);
      const answer = await inRequestSpan(ROUTE, request.headers, () =>
        this.answerWithin(reply, origin, (call) =>
          action.answer(read.parameters(), this.contextOf(read, request, call)),
        ),
      );
      return traced(request, reply).send(answerEnvelope(answer));
    } catch (thrown) {
      return this.refused(thrown, errors, language, request, reply);
    }
  }

  /** What happens before a request can be read: it is too large, or there is no room for it. */
  refuse(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const tooLarge =
      thrown instanceof Error && 'code' in thrown && thrown.code === 'FST_ERR_CTP_BODY_TOO_LARGE';
    const known = tooLarge ? new TencentError('FailedOperation.ImageSizeExceed') : thrown;
    return this.refused(known, {}, request.headers['x-tc-language'], request, reply);
  }

  private refused(
    thrown: unknown,
    errors: ErrorContext,
    language: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): FastifyReply {
    if (thrown instanceof CallCancelled) {
      return reply.hijack();
    }
    const refusal = refusalOf(thrown, errors);
    const { fault } = refusal;
    if (fault !== undefined) {
      this.options.logger.error({ err: fault.cause ?? fault, reason: fault.reason }, 'request failed');
    }
    return traced(request, reply)
      .code(200)
      .send(errorEnvelope(refusal, languageOf(language)));
  }

  /** Throws AuthFailure codes, RATE_LIMITED and BUS_UNAVAILABLE. */
  private async originOf({ claim, trace }: ReadRequest, { socket }: FastifyRequest): Promise<CallOrigin> {
    const peer = socket.remoteAddress ?? '';
    if (this.authenticator === undefined) {
      return { principal: LOCAL_OPERATOR, peer };
    }
    const key = await this.authenticator.check(claim(), trace);
    key.admit();
    return { principal: key.principal, peer };
  }

  private contextOf({ secretId }: ReadRequest, request: FastifyRequest, call: Call): ActionContext {
    const { useCases, fetcher, longestCheckSeconds } = this.options;
    const recipient = { origin: `${request.protocol}://${request.host}`, secretId };
    return {
      useCases,
      call,
      photo: (given) => givenPhoto(given, fetcher, call.signal),
      models: this.models,
      pages: this.pages,
      links: new ResultLinks(this.seals, recipient),
      longestCheckSeconds,
    };
  }

  private answerWithin<T>(
    reply: FastifyReply,
    origin: CallOrigin,
    work: (call: Call) => Promise<T>,
  ): Promise<T> {
    const { admission, timeouts } = this.options;
    return admission.admit(async () => {
      const call = new Call(Math.max(0, timeouts.defaultMs - reply.elapsedTime), origin);
      const onClose = () => call.cancel();
      reply.raw.once('close', onClose);
      try {
        return await work(call);
      } finally {
        reply.raw.removeListener('close', onClose);
        call.close();
      }
    });
  }
}

function requireRole(principal: Principal, { role }: Action): void {
  if (!mayActAs(principal.role, role)) {
    throw new TencentError('AuthFailure.UnauthorizedOperation');
  }
}

function actionOf({ action, version }: ReadRequest): Action {
  const row = ACTIONS.get(action);
  if (action === '') {
    throw new TencentError('MissingParameter.ErrorParameterEmpty', 'Action');
  }
  if (row === undefined || version !== VERSION) {
    throw new TencentError('UnsupportedOperation.UnknowMethod');
  }
  return row;
}

const TRACE_ID = /^[\w.:-]{1,128}$/;

/** The official clients look for the trace id that they sent. */
function traced({ headers }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const trace = headers['x-tc-traceid'];
  return typeof trace === 'string' && TRACE_ID.test(trace) ? reply.header('x-tc-traceid', trace) : reply;
}
