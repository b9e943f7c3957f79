import {
  baseConfigSchema,
  type Environment,
  parseConfig,
  type Running,
  startServiceProcess,
} from '@mien/service';
import { notifierConfigSchema } from './config';
import { startNotifier } from './start-notifier';

/** The notifier as a process of its own. */
export async function startNotifierProcess(env: Environment): Promise<Running> {
  const { base, notifier } = parseConfig({ base: baseConfigSchema, notifier: notifierConfigSchema }, env);
  return startServiceProcess('mien-notifier', base, async (runtime) => {
    const { drain } = await startNotifier(runtime, notifier);
    return { ports: {}, drain };
  });
}
