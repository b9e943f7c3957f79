import { MienError } from '@mien/errors';
import type { FastifyRequest } from 'fastify';
import type { Doorkeeper } from '../access/doorkeeper';
import type { Admission } from '../usecases/admission';
import type { CallOrigin } from '../usecases/call';
import type { Endpoint } from './endpoints/endpoint';

/** Who sends a request, asked once, before its body is read. */
export class Entrance {
  private readonly origins = new WeakMap<FastifyRequest, CallOrigin>();

  constructor(
    private readonly doorkeeper: Doorkeeper,
    private readonly admission: Admission,
  ) {}

  /** Throws KEY_MISSING, KEY_INVALID, RATE_LIMITED, ROLE_INSUFFICIENT; OVERLOADED when there is no room for the request. */
  async enter(request: FastifyRequest, { service, rpc }: Pick<Endpoint, 'service' | 'rpc'>): Promise<void> {
    const { authorization } = request.headers;
    const peer = request.socket.remoteAddress ?? '';
    this.origins.set(request, await this.doorkeeper.enter({ authorization, peer }, `${service}/${rpc}`));
    this.admission.refuseWhenFull();
  }

  originOf(request: FastifyRequest): CallOrigin {
    const origin = this.origins.get(request);
    if (origin === undefined) {
      throw new MienError('INTERNAL', 'a request was not asked who sends it');
    }
    return origin;
  }
}
