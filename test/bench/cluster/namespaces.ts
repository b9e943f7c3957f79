import { setTimeout as pause } from 'node:timers/promises';
import { customResourceDefinitions } from '../../chart/schemas/custom-resources';
import type { KubernetesObject } from '../../chart/tools/helm';
import { type ApiServer, Refused, type Resource, until } from './api-server';

/** Volumes for the servers that a release may bring, enough for all examples. */
const VOLUMES = 8;
const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

/** Kinds of operators, and volumes that claims are bound to. Returns every kind that there is then. */
export async function furnish(api: ApiServer): Promise<Resource[]> {
  const definitions = await customResourceDefinitions();
  for (const definition of definitions) {
    await api.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  }
  await api.create('/apis/storage.k8s.io/v1/storageclasses', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'made-before', annotations: { [DEFAULT_CLASS]: 'true' } },
    provisioner: 'kubernetes.io/no-provisioner',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
  for (let number = 1; number <= VOLUMES; number += 1) {
    await api.create('/api/v1/persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: `volume-${number}` },
      spec: {
        capacity: { storage: '100Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'made-before',
        hostPath: { path: `/srv/volume-${number}` },
      },
    });
  }
  return servedKinds(
    api,
    definitions.map(({ spec }) => spec.names.kind),
  );
}

/** New kinds are served a moment after they are taken. */
async function servedKinds(api: ApiServer, awaited: readonly string[]): Promise<Resource[]> {
  let served: Resource[] = [];
  await until('kinds of operators', async () => {
    served = await api.resources().catch((error: unknown) => {
      if (error instanceof Refused && error.status === 404) {
        return [];
      }
      throw error;
    });
    const kinds = new Set(served.map(({ kind }) => kind));
    return awaited.every((kind) => kinds.has(kind));
  });
  return served;
}

/** A namespace of the strictest of Kubernetes' standards; throws unless a pod that breaks it is really refused. */
export async function makeNamespace(api: ApiServer, name: string): Promise<void> {
  await api.create('/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: Object.fromEntries(
        ['enforce', 'warn', 'audit'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']),
      ),
    },
  });
  const accounts = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  await until(`the account of ${name}`, () => api.exists(accounts));
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'root' },
    spec: { containers: [{ name: 'root', image: 'example.com/root' }] },
  };
  const refusal = await api.create(`/api/v1/namespaces/${name}/pods`, pod).catch((error: unknown) => error);
  if (!(refusal instanceof Refused && refusal.status === 403)) {
    throw new Error(`a pod that breaks the rules of ${name} was taken`);
  }
}

/** All that is in a namespace, but events and what Kubernetes itself keeps there. */
export async function contentsOf(
  api: ApiServer,
  namespace: string,
  resources: readonly Resource[],
): Promise<KubernetesObject[]> {
  const kinds = resources.filter(
    ({ namespaced, verbs, kind }) => namespaced && verbs.includes('list') && !TRANSIENT.includes(kind),
  );
  const lists = await Promise.all(
    kinds.map(async ({ root, name, kind, apiVersion }) => {
      const items = await api.list(`${root}/namespaces/${namespace}/${name}`);
      return items.map((item) => ({ ...item, kind, apiVersion }));
    }),
  );
  return lists
    .flat()
    .filter(({ metadata }) => !['default', 'kube-root-ca.crt'].includes(metadata.name))
    .filter(({ kind, apiVersion }) => kinds.find((one) => one.kind === kind)?.apiVersion === apiVersion);
}

const TRANSIENT = ['Event', 'PodMetrics'];

/** Pods that were not let in, by what controllers say of it. */
export async function refusedPods(api: ApiServer, namespace: string): Promise<string[]> {
  // Controllers tell of it a moment later.
  await pause(500);
  const events = await api.list(`/api/v1/namespaces/${namespace}/events`);
  return events.filter(({ reason }) => reason === 'FailedCreate').map(({ message }) => String(message));
}
