import type { MethodDefinition } from '@grpc/grpc-js';
import type { Image } from '@mien/proto';
import type { Call } from '../../usecases/call';
import type { ServedUseCases } from '../../usecases/use-cases';

type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One RPC as HTTP offers it. */
export interface Endpoint {
  readonly method: HttpMethod;
  /** Names in braces are fields of the request, in the spelling of JSON. */
  readonly path: string;
  /** Full name, such as mien.v1.FaceService. */
  readonly service: string;
  readonly rpc: string;
  /** File parts of the multipart form: how often each may come, by the names that the .proto gives these fields. */
  readonly photos: Readonly<Record<string, number>>;
  /** Room for everything in a request but its photos, where it needs more than most. */
  readonly requestBytes?: number | undefined;
  /** Whether photos may come as parts and in the request as well. */
  readonly mixesPhotos: boolean;
  /** A request to show in the documentation; without one there is no body. */
  readonly example: object | undefined;
  /**
   * From a request in canonical proto3 JSON, and photos given beside it by field, to the answer in ts-proto's
   * JSON.
   */
  answer(json: unknown, photos: PhotoParts, useCases: ServedUseCases, call: Call): Promise<unknown>;
}

/** A photo that came as a part of a form. */
export interface PhotoPart {
  /** Of the file. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Photos that came as parts of a form, by field. */
export type PhotoParts = ReadonlyMap<string, readonly PhotoPart[]>;

/** What ts-proto makes of a message. */
interface Codec<Message> {
  fromJSON(json: unknown): Message;
  toJSON(message: Message): unknown;
}

interface EndpointParts<Request, Response> {
  readonly rpc: Pick<MethodDefinition<Request, Response>, 'path'>;
  readonly request: Codec<Request>;
  readonly response: Codec<Response>;
  /** The function that answers. */
  use(useCases: ServedUseCases): (request: Request, call: Call) => Promise<Response>;
  readonly example?: object;
  readonly photos?: Readonly<Record<string, number>>;
  readonly requestBytes?: number;
  readonly mixesPhotos?: boolean;
  /** Puts the photos of a form into the request. */
  attach?(request: Request, photos: PhotoParts): void;
}

export function endpoint<Request, Response>(
  method: HttpMethod,
  path: string,
  parts: EndpointParts<Request, Response>,
): Endpoint {
  const [, service = '', rpc = ''] = parts.rpc.path.split('/');
  return {
    method,
    path,
    service,
    rpc,
    photos: parts.photos ?? {},
    requestBytes: parts.requestBytes,
    mixesPhotos: parts.mixesPhotos ?? false,
    example: parts.example,
    answer: async (json, photos, useCases, call) => {
      const request = parts.request.fromJSON(json);
      parts.attach?.(request, photos);
      return parts.response.toJSON(await parts.use(useCases)(request, call));
    },
  };
}

/** The photos of a field as the request holds them. */
export function photoParts(photos: PhotoParts, field: string): Image[] {
  return (photos.get(field) ?? []).map(({ bytes }) => ({ source: { $case: 'content', value: bytes } }));
}

/** Names in the braces of a path, in order. */
export function pathFields(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
}

/** The endpoints of each path, in the order of the first. */
export function byPath(endpoints: readonly Endpoint[]): ReadonlyMap<string, readonly Endpoint[]> {
  const paths = new Map<string, Endpoint[]>();
  for (const one of endpoints) {
    paths.set(one.path, [...(paths.get(one.path) ?? []), one]);
  }
  return paths;
}
