import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../../photos/repository';
import { goProgram } from './go';

const run = promisify(execFile);
export const HELM = 'helm.sh/helm/v3/cmd/helm@v3.19.5';

export const CHART = join(repositoryRoot(), 'helm', 'mien');
export const EXAMPLES = ['small', 'production', 'gpu'] as const;

/** What the chart promises to work with: the oldest of its kubeVersion, and what schemas are of. */
const KUBERNETES = '1.34.4';

/** An object as the API server gets it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The chart through Helm. */
export class Helm {
  private constructor(private readonly binary: string) {}

  static async provide(): Promise<Helm> {
    return new Helm(await goProgram('helm', HELM));
  }

  /** Throws with what Helm found. */
  async lint(values: readonly string[]): Promise<string> {
    return this.run(['lint', '--strict', CHART, ...filesOf(values)]);
  }

  /** Every object of a release with these files of values, hooks and tests too. Throws what the chart refuses. */
  async render(values: readonly string[], settings: readonly string[] = []): Promise<KubernetesObject[]> {
    const release = ['template', 'mien', CHART, '--namespace', 'faces', '--kube-version', KUBERNETES];
    return objectsIn(await this.run([...release, ...filesOf(values), ...settingsOf(settings)]));
  }

  private async run(args: string[]): Promise<string> {
    const { stdout } = await run(this.binary, args, { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  }
}

export function exampleFile(name: string): string {
  return join(CHART, 'examples', `${name}.yaml`);
}

/** The files of values of an example: the one for GPUs goes on top of another. */
export function exampleFiles(example: (typeof EXAMPLES)[number]): string[] {
  return example === 'gpu' ? [exampleFile('production'), exampleFile('gpu')] : [exampleFile(example)];
}

export function filesOf(values: readonly string[]): string[] {
  return values.flatMap((file) => ['--values', file]);
}

export function settingsOf(settings: readonly string[]): string[] {
  return settings.flatMap((setting) => ['--set', setting]);
}

export function objectsIn(manifest: string): KubernetesObject[] {
  return parseAllDocuments(manifest)
    .map((document) => {
      const [error] = [...document.errors, ...document.warnings];
      if (error !== undefined) {
        throw error;
      }
      return document.toJS() as KubernetesObject | null;
    })
    .filter((object) => object !== null);
}
