import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { MienError, toServiceError } from '@mien/errors';

export interface ReceiveLimits {
  /** Calls open at once, over all connections: each may be sending a message of the largest size. */
  readonly openCalls: number;
  /** How long the message of a call may take to arrive. */
  readonly messageMs: number;
}

/**
 * Refuses calls beyond what may be open, before anything but their headers is read, and ends those whose message does
 * not come: a handler, which has deadlines of its own, is only called when it is there. Streams of messages have their
 * handlers at once.
 */
export function receiveLimits({ openCalls, messageMs }: ReceiveLimits): ServerInterceptor {
  let open = 0;
  return (method, call) => {
    let counted = false;
    let timer: NodeJS.Timeout | undefined;
    const ended = () => {
      clearTimeout(timer);
      open -= counted ? 1 : 0;
      counted = false;
    };
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (metadata, pass) => {
            if (open >= openCalls) {
              call.sendStatus(toServiceError(tooMany(openCalls)));
              return;
            }
            open += 1;
            counted = true;
            if (!method.requestStream) {
              timer = setTimeout(() => {
                ended();
                call.sendStatus(toServiceError(tooSlow(messageMs)));
              }, messageMs);
            }
            pass(metadata);
          },
          onReceiveHalfClose: (pass) => {
            clearTimeout(timer);
            pass();
          },
          onCancel: ended,
        }),
      sendStatus: (status, pass) => {
        ended();
        pass(status);
      },
    });
  };
}

function tooMany(maximum: number): MienError {
  return new MienError('OVERLOADED', `${maximum} calls are open; try again later`, {
    metadata: { limit: 'openCalls', maximum: String(maximum) },
  });
}

function tooSlow(messageMs: number): MienError {
  return new MienError('DEADLINE_EXCEEDED', `the request did not arrive within ${messageMs} ms`, {
    metadata: { timeoutMs: String(messageMs) },
  });
}
