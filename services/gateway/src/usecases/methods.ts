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

/** A method of whatever types that answers with many messages. */
interface AnyStreamingMethod extends Omit<AnyMethod, 'responseStream'> {
  readonly responseStream: true;
}

/** A service of unary methods, as ts-proto defines it. */
export type UnaryService = Readonly<Record<string, AnyMethod>>;

/** A service each of whose methods is sent one message, as ts-proto defines it. */
export type AnyService = Readonly<Record<string, AnyMethod | AnyStreamingMethod>>;

/** A service's calls as functions; an answer of many messages is read as its reader asks for them. */
export type Methods<Definition> = {
  readonly [Name in keyof Definition]: Definition[Name] extends MethodDefinition<
    infer Request,
    infer Response
  >
    ? Definition[Name] extends { readonly responseStream: true }
      ? (request: Request, call: Call) => AsyncIterable<Response>
      : (request: Request, call: Call) => Promise<Response>
    : never;
};
