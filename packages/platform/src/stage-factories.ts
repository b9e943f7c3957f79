import { attributesFactory } from '@mien/attributes';
import { detectorFactory } from '@mien/detector';
import { embedderFactory } from '@mien/embedder';
import { landmarkFactory } from '@mien/landmark';
import { livenessFactory } from '@mien/liveness';
import {
  type Environment,
  parseConfig,
  type RunningStage,
  type Runtime,
  type StageFactory,
  startStage,
} from '@mien/service';

type Starter = (runtime: Runtime, env: Environment) => Promise<RunningStage>;

/** Ties a factory to its own configuration, so that factories with different ones fit into one list. */
function starter<Config>(factory: StageFactory<Config>): Starter {
  return (runtime, env) => {
    const { config } = parseConfig({ config: factory.configSchema }, env);
    return startStage(factory, runtime, { config });
  };
}

/** Every stage of the line. */
export const STAGE_STARTERS: readonly Starter[] = [
  starter(detectorFactory),
  starter(landmarkFactory),
  starter(attributesFactory),
  starter(livenessFactory),
  starter(embedderFactory),
];
