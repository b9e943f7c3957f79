import {
  baseConfigSchema,
  type Environment,
  parseConfig,
  type Running,
  startServiceProcess,
} from '@mien/service';
import { libraryConfigSchema } from './config';
import { startLibrary } from './start-library';

/** The library as a process of its own: waits for the bus, loads its indexes, then serves until it is drained. */
export async function startLibraryProcess(env: Environment): Promise<Running> {
  const { base, library: config } = parseConfig(
    { base: baseConfigSchema, library: libraryConfigSchema },
    env,
  );
  return startServiceProcess('mien-library', base, async (runtime) => {
    const { grpcPort, ready, leave, drain } = await startLibrary(runtime, config);
    return { ports: { grpcPort }, ready, leave, drain };
  });
}
