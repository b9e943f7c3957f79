import { goIsThere, goProgram } from '../chart/tools/go';
import { EXAMPLES, exampleFiles, HELM, type KubernetesObject } from '../chart/tools/helm';
import { type ApiServer, type Resource, until } from './cluster/api-server';
import { ControlPlane } from './cluster/control-plane';
import { HelmRelease } from './cluster/helm-release';
import { contentsOf, furnish, makeNamespace, refusedPods } from './cluster/namespaces';
import { findPrograms, lacking } from './cluster/programs';
import { StandInNodes } from './cluster/stand-in-nodes';
import type { Benchmark, BenchmarkContext, Outcome } from './harness';

type Example = (typeof EXAMPLES)[number];

/** Values that an upgrade changes: every pod is replaced, and every scaler and rule is written anew. */
const CHANGED = ['image.tag=next', 'scaling.wantedWaitSeconds.batch=30'];
/** What `helm uninstall` leaves on purpose: data. */
const KEPT = ['PersistentVolumeClaim'];

export const benchmark: Benchmark = {
  name: 'cluster',
  goal: 'a real control plane takes every example: installed, upgraded, rolled back, uninstalled, under the restricted standard',
  run,
};

async function run(context: BenchmarkContext): Promise<Outcome> {
  const programs = findPrograms(process.env['MIEN_KUBERNETES_BIN']);
  const missing = lacking(programs) ?? (goIsThere() ? undefined : 'not found: go, helm');
  if (missing !== undefined) {
    context.print(`skipped: ${missing}`);
    return { pass: false, figures: { skipped: true } };
  }
  const helm = await goProgram('helm', HELM);
  const plane = await ControlPlane.start(programs);
  try {
    return await judge(plane, helm, context);
  } finally {
    await plane.stop();
  }
}

async function judge(
  plane: ControlPlane,
  helm: string,
  { print, progress }: BenchmarkContext,
): Promise<Outcome> {
  const { api, kubeconfig } = plane;
  const version = await api.version();
  print(`control plane of Kubernetes ${version}`);
  const resources = await furnish(api);
  const nodes = await StandInNodes.join(api);
  const trials: Trial[] = [];
  try {
    for (const example of EXAMPLES) {
      const release = new HelmRelease(helm, kubeconfig, example, exampleFiles(example));
      trials.push(await tryOut(api, resources, example, release, print));
      progress('examples', trials.length, EXAMPLES.length);
    }
  } finally {
    await nodes.stop();
  }
  printTable(trials, print);
  const findings = trials.flatMap((trial) => trial.findings);
  const failure = plane.failure;
  return {
    pass: findings.length === 0 && failure === undefined,
    figures: {
      kubernetes: version,
      objects: Object.fromEntries(trials.map(({ example, objects }) => [example, objects.length])),
      pods: Object.fromEntries(trials.map(({ example, pods }) => [example, pods])),
      findings,
      ...(failure === undefined ? {} : { failure }),
    },
  };
}

interface Trial {
  readonly example: Example;
  /** Of the release, as Helm has them. */
  readonly objects: readonly KubernetesObject[];
  readonly pods: number;
  readonly findings: readonly string[];
}

async function tryOut(
  api: ApiServer,
  resources: readonly Resource[],
  example: Example,
  release: HelmRelease,
  print: BenchmarkContext['print'],
): Promise<Trial> {
  const findings: string[] = [];
  const note = (found: readonly string[]) => {
    for (const finding of found) {
      print(`  ${example}: ${finding}`);
      findings.push(`${example}: ${finding}`);
    }
  };
  await makeNamespace(api, example);
  await timed(`${example}: installed`, () => release.install(), print);
  const objects = await release.objects();
  note(await absent(api, resources, example, objects));
  const pods = (await api.list(`/api/v1/namespaces/${example}/pods`)).length;
  await timed(`${example}: upgraded`, () => release.upgrade(CHANGED), print);
  await timed(`${example}: rolled back`, () => release.rollback(), print);
  note((await refusedPods(api, example)).map((message) => `pod refused: ${message}`));
  await timed(`${example}: uninstalled`, () => release.uninstall(), print);
  const left = await remaining(() => contentsOf(api, example, resources));
  print(`${example}: left behind: ${left.map(nameOf).join(', ') || 'nothing'}`);
  note(left.filter(({ kind }) => !KEPT.includes(kind)).map((object) => `left behind: ${nameOf(object)}`));
  note(release.warnings);
  return { example, objects, pods, findings };
}

/** What is still there once pods have had the time to end and collectors to collect. */
async function remaining(look: () => Promise<KubernetesObject[]>): Promise<KubernetesObject[]> {
  let left = await look();
  await until('nothing but data', async () => {
    left = await look();
    return left.every(({ kind }) => KEPT.includes(kind));
  }).catch(() => undefined);
  return left;
}

/** Objects of the release that the API server does not have. */
async function absent(
  api: ApiServer,
  resources: readonly Resource[],
  namespace: string,
  objects: readonly KubernetesObject[],
): Promise<string[]> {
  const found = await Promise.all(
    objects.map(async (object) => {
      const resource = resources.find(
        ({ apiVersion, kind }) => apiVersion === object.apiVersion && kind === object.kind,
      );
      const path = `${resource?.root}/namespaces/${namespace}/${resource?.name}/${object.metadata.name}`;
      return resource !== undefined && (await api.exists(path));
    }),
  );
  return objects.filter((_, index) => found[index] !== true).map((object) => `not there: ${nameOf(object)}`);
}

async function timed(
  what: string,
  work: () => Promise<void>,
  print: BenchmarkContext['print'],
): Promise<void> {
  const started = performance.now();
  await work();
  print(`${what} in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
}

function printTable(trials: readonly Trial[], print: BenchmarkContext['print']): void {
  const kinds = [...new Set(trials.flatMap(({ objects }) => objects.map(({ kind }) => kind)))].sort();
  const row = (label: string, cells: readonly (string | number)[]) =>
    print(label.padEnd(28) + cells.map((cell) => String(cell).padStart(12)).join(''));
  row(
    'objects',
    trials.map(({ example }) => example),
  );
  for (const kind of kinds) {
    row(
      kind,
      trials.map(({ objects }) => objects.filter((object) => object.kind === kind).length),
    );
  }
  row(
    'all',
    trials.map(({ objects }) => objects.length),
  );
  row(
    'pods let in',
    trials.map(({ pods }) => pods),
  );
}

function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}
