import type { Image, Role } from '@mien/proto';
import type { z } from 'zod';
import type { Call } from '../usecases/call';
import type { UseCases } from '../usecases/use-cases';
import type { ErrorContext } from './errors/code-of-reason';
import { isCode } from './errors/codes';
import { TencentError } from './errors/tencent-error';
import type { FaceModelNames } from './face-model-names';
import type { OffsetPages } from './offset-pages';
import type { ResultLinks } from './result-links';

/** What an action stands on. */
export interface ActionContext {
  readonly useCases: UseCases;
  readonly call: Call;
  /** Reads an image of the request. Throws what is wrong with it. */
  readonly photo: (given: GivenPhoto) => Promise<Image>;
  readonly models: FaceModelNames;
  readonly pages: OffsetPages;
  readonly links: ResultLinks;
  /** A duplicate check that would take longer is refused. */
  readonly longestCheckSeconds: number;
}

/** An image as requests give it; the address counts when both are there. */
export interface GivenPhoto {
  readonly Image?: string | undefined;
  readonly Url?: string | undefined;
}

interface ActionParts<Request extends z.ZodType, Response extends z.ZodType> extends ErrorContext {
  /** The least that a key needs: that of the calls which the action is made of. */
  readonly role: Role;
  readonly request: Request;
  /** Without the RequestId, which every answer has. */
  readonly response: Response;
  answer(request: z.output<Request>, context: ActionContext): Promise<z.input<Response>>;
}

/** One row of the table of actions. */
export interface Action {
  readonly errors: ErrorContext;
  readonly role: Role;
  /** From the parameters as they came to the answer. Throws TencentError, MienError and CallCancelled. */
  answer(parameters: unknown, context: ActionContext): Promise<object>;
}

export function action<Request extends z.ZodType, Response extends z.ZodType<object>>({
  role,
  request,
  response,
  answer,
  ...errors
}: ActionParts<Request, Response>): Action {
  return {
    errors,
    role,
    answer: async (parameters, context) => {
      const read = request.safeParse(withoutNulls(parameters));
      if (!read.success) {
        throw refused(read.error.issues, parameters);
      }
      return response.parse(await answer(read.data, context));
    },
  };
}

/** What the first issue says: its own code, or that the parameter is missing or not valid. */
function refused([issue]: readonly z.core.$ZodIssue[], parameters: unknown): TencentError {
  const path = issue?.path ?? [];
  const parameter = path.map(String).join('.');
  if (isMissing(path, parameters)) {
    return new TencentError('MissingParameter.ErrorParameterEmpty', parameter);
  }
  const message = issue?.message ?? '';
  return new TencentError(isCode(message) ? message : 'InvalidParameter.InvalidParameter', parameter);
}

/** Whether nothing stands at the path: something that has no such part at all is not valid, but not missing. */
function isMissing(path: readonly PropertyKey[], parameters: unknown): boolean {
  let value: unknown = parameters;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) {
      return false;
    }
    value = Reflect.get(value, part);
  }
  return path.length > 0 && (value === undefined || value === null);
}

/** Clients send null for what they do not give. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const given = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(given.map(([name, inner]) => [name, withoutNulls(inner)]));
}
