import { provisionAccess } from '@mien/access';
import { Bus, connectionName, provision } from '@mien/bus';
import { gatewayConfigSchema } from '@mien/gateway';
import { provisionJobs } from '@mien/jobs';
import { provisionNotifications } from '@mien/notifications';
import { baseConfigSchema, createLogger, type Environment, parseConfig } from '@mien/service';

/**
 * Sets up a NATS server for all services: every stream, consumer and bucket, as the settings of the services have them.
 * Waits for a server that is not up yet. Throws CONFIGURATION_INVALID, BUS_UNAVAILABLE.
 */
export async function provisionNats(env: Environment): Promise<void> {
  const { base, gateway } = parseConfig({ base: baseConfigSchema, gateway: gatewayConfigSchema }, env);
  const { jobs, access } = gateway;
  const name = connectionName('provisioner');
  const logger = createLogger({ service: name, level: base.logLevel });
  const bus = await Bus.connect({ ...base.nats, name, logger, waitForServer: true });
  try {
    const { replicas } = base.provision;
    await provision(bus, { replicas });
    await provisionJobs(bus, { replicas, retentionSeconds: jobs.retentionSeconds });
    await provisionNotifications(bus, { replicas });
    await provisionAccess(bus, { replicas, auditRetentionDays: access.auditRetentionDays });
  } finally {
    await bus.close();
  }
}
