import * as http from 'node:http';
import * as https from 'node:https';
import type { ClientOptions } from 'minio';

type Transport = NonNullable<ClientOptions['transport']>;

/**
 * Requests that end, answered or not, within the time: the client itself waits for ever for a server that has
 * stopped answering, or stops in the middle of an answer.
 */
export function boundedTransport(secure: boolean, timeoutMs: number): Transport {
  const { request } = secure ? https : http;
  const bounded = (options: http.RequestOptions, onResponse: (response: http.IncomingMessage) => void) => {
    const limit = setTimeout(() => end(tooLate(timeoutMs)), timeoutMs);
    const sent = request(options, (response) => {
      end = (error) => {
        response.destroy(error);
        sent.destroy(error);
      };
      onResponse(response);
    });
    let end = (error: Error) => {
      sent.destroy(error);
    };
    sent.once('close', () => clearTimeout(limit));
    return sent;
  };
  return { request: bounded as typeof http.request }; // the only one of its forms that the client uses
}

function tooLate(timeoutMs: number): Error {
  return Object.assign(new Error(`no whole answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' });
}
