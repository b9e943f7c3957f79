import { MienError } from '@mien/errors';
import { ClusteringServiceService, type ClusterPhotosRequest, type ClusterPhotosResponse } from '@mien/proto';
import { clientStream, type GrpcService } from '@mien/service';
import type { ClusterPhotos } from '../usecases/clusters/cluster-photos';
import { admitted, type FrontOptions, withGentleReaders } from './front-door';

type Read = ClusterPhotosRequest | MienError;

/** mien.v1.ClusteringService for startGrpcServer. */
export function clusteringService(clusterPhotos: ClusterPhotos, options: FrontOptions): GrpcService {
  const method = ClusteringServiceService.clusterPhotos.path.slice(1);
  return {
    name: method.split('/')[0] ?? '',
    definition: withGentleReaders(ClusteringServiceService, options.registry),
    implementation: {
      clusterPhotos: clientStream<Read, ClusterPhotosResponse>({ ...options, method }, (requests, context) =>
        admitted(context, method, options, (call) => clusterPhotos(readable(requests), call)),
      ),
    },
  };
}

/** Throws at a message that could not be read. */
async function* readable(messages: AsyncIterable<Read>): AsyncGenerator<ClusterPhotosRequest, void, void> {
  for await (const message of messages) {
    if (message instanceof MienError) {
      throw message;
    }
    yield message;
  }
}
