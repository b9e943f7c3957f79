import type { MethodDefinition } from '@grpc/grpc-js';
import type { Call } from './call';

/** What asking another process for an answer needs of a method. */
export interface AskedMethod<Request, Response> {
  readonly path: string;
  requestSerialize(request: Request): Buffer;
  responseDeserialize(bytes: Buffer): Response;
}

/** A unary method of whatever types. */
export interface AnyMethod extends AskedMethod<never, unknown> {
  readonly requestStream: false;
  readonly responseStream: false;
  requestDeserialize(bytes: Buffer): unknown;
  responseSerialize(response: never): Buffer;
}

/** A service of unary methods, as ts-proto defines it. */
export type AnyService = Readonly<Record<string, AnyMethod>>;

/** A service's calls as functions. */
export type Methods<Definition> = {
  readonly [Name in keyof Definition]: Definition[Name] extends MethodDefinition<
    infer Request,
    infer Response
  >
    ? (request: Request, call: Call) => Promise<Response>
    : never;
};
