import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CHART, filesOf, type KubernetesObject, objectsIn, settingsOf } from '../../chart/tools/helm';

const execute = promisify(execFile);
/** For what waits until all pods are ready. */
const TIMEOUT = '240s';

const RELEASE = 'mien';

/** A release as an operator has it: Helm against the API server, waiting until everything is ready. */
export class HelmRelease {
  /** What the API server had to say about objects that it took. */
  readonly warnings: string[] = [];

  constructor(
    private readonly binary: string,
    private readonly kubeconfig: string,
    private readonly namespace: string,
    private readonly values: readonly string[],
  ) {}

  async install(): Promise<void> {
    await this.run(['install', RELEASE, CHART, ...filesOf(this.values), ...WAITING]);
  }

  async upgrade(settings: readonly string[]): Promise<void> {
    const values = [...filesOf(this.values), ...settingsOf(settings)];
    await this.run(['upgrade', RELEASE, CHART, ...values, ...WAITING]);
  }

  async rollback(): Promise<void> {
    await this.run(['rollback', RELEASE, ...WAITING]);
  }

  async uninstall(): Promise<void> {
    await this.run(['uninstall', RELEASE, '--wait', '--timeout', TIMEOUT]);
  }

  /** What the release is made of, without hooks. */
  async objects(): Promise<KubernetesObject[]> {
    return objectsIn(await this.run(['get', 'manifest', RELEASE]));
  }

  private async run(args: readonly string[]): Promise<string> {
    const where = ['--namespace', this.namespace, '--kubeconfig', this.kubeconfig];
    const { stdout, stderr } = await execute(this.binary, [...args, ...where], {
      maxBuffer: 64 * 1024 * 1024,
    });
    this.warnings.push(...stderr.split('\n').filter((line) => /warning/i.test(line)));
    return stdout;
  }
}

const WAITING = ['--wait', '--wait-for-jobs', '--timeout', TIMEOUT];
