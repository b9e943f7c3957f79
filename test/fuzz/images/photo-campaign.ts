import { DetectRequest } from '@mien/proto';
import { type Campaign, within } from '../campaign';
import { judge } from '../grpc/campaign';
import { RawGrpc } from '../grpc/raw-call';
import { frame, type GrpcRequest, sane } from '../grpc/requests';
import type { FuzzTarget } from '../platform/fuzz-target';
import { mutatedImages } from './mutated-images';
import { imageSamples } from './samples';

const PATH = '/mien.v1.FaceService/Detect';
const ANSWER_MS = 30_000;

/** Files that are nearly photos, sent to the gateway and all the way down the line. */
export async function photoCampaign(
  target: FuzzTarget,
): Promise<{ campaign: Campaign<GrpcRequest>; close(): void }> {
  const grpc = new RawGrpc(target.addresses.grpcAddress);
  const features = { landmarks: true, quality: true, liveness: true };
  const campaign: Campaign<GrpcRequest> = {
    name: 'photos',
    cases: mutatedImages(await imageSamples()).map((value) => {
      const image = { source: { $case: 'content' as const, value } };
      const message = DetectRequest.encode(DetectRequest.fromPartial({ image, features })).finish();
      return { path: PATH, headers: sane(PATH), body: [frame(Buffer.from(message))], wellFramed: true };
    }),
    attempt: async (request) =>
      judge(request, await within(ANSWER_MS, PATH, grpc.call(request.headers, request.body)), target),
    describe: ({ body }) => `DetectRequest base64 ${Buffer.concat(body).subarray(5).toString('base64')}`,
  };
  return { campaign, close: () => grpc.close() };
}
