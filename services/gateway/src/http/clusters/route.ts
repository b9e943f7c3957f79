import { MienError } from '@mien/errors';
import { ClusterPhotosResponse } from '@mien/proto';
import type { FastifyInstance } from 'fastify';
import { MAX_ALBUM_PHOTOS, MAX_IMAGE_BYTES } from '../../usecases/limits';
import { settingsValidationSchema } from '../openapi/clusters';
import type { Contract } from '../openapi/contract';
import { canonicalJson, completeJson } from '../proto-json';
import { answerWithin, MAX_REQUEST_PART_BYTES, type RouteOptions, validate } from '../route';
import { inRequestSpan } from '../tracing';
import { albumMessages } from './album-form';
import { CLUSTERS } from './endpoint';

/** Answers ClusterPhotos on its path: a form whose photos are worked on while further ones arrive. */
export function addClustersRoute(app: FastifyInstance, contract: Contract, options: RouteOptions): void {
  const settings = contract.message(CLUSTERS.settings);
  const output = contract.message(CLUSTERS.response);
  const schema = settingsValidationSchema(contract);
  app.route({
    method: CLUSTERS.method,
    url: CLUSTERS.path,
    bodyLimit: MAX_ALBUM_PHOTOS * MAX_IMAGE_BYTES + MAX_REQUEST_PART_BYTES,
    onRequest: async (request) => options.entrance.enter(request, CLUSTERS),
    handler: async (request, reply) => {
      if (!request.isMultipart()) {
        throw new MienError('ARGUMENT_INVALID', 'an album is sent as multipart/form-data');
      }
      const checked = (json: unknown) => {
        const canonical = canonicalJson(json, settings);
        validate(request, schema, canonical);
        return canonical;
      };
      const answer = await inRequestSpan(CLUSTERS, request.headers, () =>
        answerWithin(request, reply, options, (call) =>
          options.useCases.clusterPhotos(albumMessages(request, checked), call),
        ),
      );
      return reply.send(completeJson(ClusterPhotosResponse.toJSON(answer), output));
    },
  });
}
