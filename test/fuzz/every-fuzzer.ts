import { type Fuzzer, fuzzerOf } from './campaign';
import { grpcCampaign } from './grpc/campaign';
import { httpCampaign } from './http/campaign';
import { imageCampaign } from './images/campaign';
import type { FuzzTarget } from './platform/fuzz-target';

/** Everything that is tried, and how to let go of what trying it holds. */
export async function everyFuzzer(
  target: FuzzTarget,
  photos: readonly Buffer[],
): Promise<{ fuzzers: Fuzzer[]; close(): void }> {
  const grpc = grpcCampaign(target, photos);
  const images = await imageCampaign();
  return {
    fuzzers: [
      fuzzerOf(grpc.campaign),
      fuzzerOf(await httpCampaign(target, photos)),
      fuzzerOf(images.campaign),
    ],
    close: () => {
      grpc.close();
      images.close();
    },
  };
}
