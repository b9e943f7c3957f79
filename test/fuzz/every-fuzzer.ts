import { type Fuzzer, fuzzerOf } from './campaign';
import { grpcCampaign } from './grpc/campaign';
import type { FuzzTarget } from './platform/fuzz-target';

/** Everything that is tried, and how to let go of what trying it holds. */
export async function everyFuzzer(
  target: FuzzTarget,
  photos: readonly Buffer[],
): Promise<{ fuzzers: Fuzzer[]; close(): void }> {
  const grpc = grpcCampaign(target, photos);
  return { fuzzers: [fuzzerOf(grpc.campaign)], close: () => grpc.close() };
}
