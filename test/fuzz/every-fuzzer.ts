import { busCampaign } from './bus/campaign';
import { type Fuzzer, fuzzerOf } from './campaign';
import { grpcCampaign } from './grpc/campaign';
import { httpCampaign } from './http/campaign';
import { imageCampaign } from './images/campaign';
import { photoCampaign } from './images/photo-campaign';
import { smallPhotos } from './photos';
import type { FuzzTarget } from './platform/fuzz-target';

/** Everything that is tried, and how to let go of what trying it holds. */
export async function everyFuzzer(
  target: FuzzTarget,
): Promise<{ fuzzers: Fuzzer[]; close(): Promise<void> }> {
  const photos = await smallPhotos();
  const grpc = grpcCampaign(target, photos);
  const images = await imageCampaign();
  const sent = await photoCampaign(target);
  const bus = await busCampaign(target, photos);
  return {
    fuzzers: [
      fuzzerOf(images.campaign),
      fuzzerOf(grpc.campaign),
      fuzzerOf(await httpCampaign(target, photos)),
      fuzzerOf(sent.campaign),
      fuzzerOf(bus.campaign),
    ],
    close: async () => {
      grpc.close();
      images.close();
      sent.close();
      await bus.close();
    },
  };
}
