import type { FastifyInstance } from 'fastify';
import { answerClientError } from './client-error';

/** Cuts off clients whose requests take longer to arrive, as Node would; but for one path, which takes its time. */
export function addReceiveTimeout(app: FastifyInstance, limitMs: number, exceptPath: string): void {
  app.addHook('onRequest', async ({ raw, routeOptions }) => {
    if (routeOptions.url === exceptPath) {
      return;
    }
    const timer = setTimeout(() => {
      if (!raw.complete) {
        const error = new Error('the request took too long to arrive');
        answerClientError(Object.assign(error, { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), raw.socket);
      }
    }, limitMs).unref();
    raw.once('close', () => clearTimeout(timer));
  });
}
