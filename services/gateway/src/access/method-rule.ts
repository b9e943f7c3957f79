import type { MethodDefinition } from '@grpc/grpc-js';
import type { Role } from '@mien/proto';
import type { Call } from '../usecases/call';
import type { LibraryCalls } from '../usecases/ports';

/** What a key with limits reaches, and where to ask whether somebody belongs there. */
export interface Scope {
  readonly groupIds: readonly string[];
  /** Undefined where there is no library: then there is nobody to reach. */
  readonly library: LibraryCalls | undefined;
  readonly call: Call;
}

/** Whom a call is about, as the audit trail tells it. */
export interface About {
  readonly groupIds?: readonly string[];
  readonly personIds?: readonly string[];
  readonly faceIds?: readonly string[];
  readonly jobId?: string;
}

/** Who may call a method, and what is written down of it. */
export interface MethodRule<Request, Response> {
  /** The least that may. */
  readonly role: Role;
  /** The least that may ask for this, where requests differ. */
  readonly roleFor?: ((request: Request) => Role) | undefined;
  /** Whether something is changed: then the trail tells of it before it is done, too. */
  readonly changes: boolean;
  /** Of keys that are limited to groups: throws what keeps them from asking for others. */
  readonly reach: (request: Request, scope: Scope) => void | Promise<void>;
  /** Of keys that are limited to groups: what they may see of an answer. All of it unless given. */
  readonly shown?: ((response: Response, scope: Scope) => Response) | undefined;
  /** What answers keys that are limited to groups, in place of the method. */
  readonly limited?: ((request: Request, scope: Scope) => Promise<Response>) | undefined;
  readonly about: (request: Request, response: Response | undefined) => About;
}

/** A rule for each method of a service: one without does not compile. */
export type MethodRules<Definition> = {
  readonly [Name in keyof Definition]: Definition[Name] extends MethodDefinition<
    infer Request,
    infer Response
  >
    ? MethodRule<Request, Response>
    : never;
};

/** Of methods that name no groups and nobody in them. */
export const ANYWHERE = (): void => undefined;

export const NOBODY = (): About => ({});
