import { type Metadata, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { asMienError, toServiceError } from '@mien/errors';

/** Throws a MienError for a call that is not to be taken, by its method's full name and its headers. */
export type HeaderCheck = (method: string, metadata: Metadata) => void;

/** Refuses calls before anything but their headers is read: who may not call need not be let send megabytes. */
export function headerCheck(check: HeaderCheck): ServerInterceptor {
  return ({ path }, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            try {
              check(path.slice(1), metadata);
            } catch (error) {
              call.sendStatus(toServiceError(asMienError(error)));
              return;
            }
            pass(metadata);
          },
        }),
    });
}
