import {
  baseConfigSchema,
  type Environment,
  parseConfig,
  type Running,
  startServiceProcess,
} from '@mien/service';
import { gatewayConfigSchema } from './config';
import { startGateway } from './gateway';

/** The gateway as a process of its own: waits for the bus, then serves until it is drained. */
export async function startGatewayProcess(env: Environment): Promise<Running> {
  const { base, gateway: config } = parseConfig(
    { base: baseConfigSchema, gateway: gatewayConfigSchema },
    env,
  );
  return startServiceProcess('mien-gateway', base, async (runtime) => {
    const { grpcPort, httpPort, leave, drain } = await startGateway(runtime, config);
    return { ports: { grpcPort, httpPort }, leave, drain };
  });
}
