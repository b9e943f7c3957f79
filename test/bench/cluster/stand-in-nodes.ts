import { setTimeout as pause } from 'node:timers/promises';
import { type ApiServer, Refused } from './api-server';

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly name: string; readonly image: string }[];
  };
  readonly status: { readonly phase: string };
}

/** Three zones of two nodes, each with processors, memory and GPUs enough for the examples. */
const NODES = ['a', 'b', 'c'].flatMap((zone) =>
  [1, 2].map((number) => ({ name: `node-${zone}${number}`, zone })),
);
const CAPACITY = {
  cpu: '32',
  memory: '128Gi',
  'ephemeral-storage': '200Gi',
  pods: '110',
  'nvidia.com/gpu': '8',
};
const LOOKED_EVERY_MS = 200;

/**
 * Says of nodes what kubelets would: pods that the scheduler has put on a node are ready at once, those of jobs have
 * succeeded, those that are to go are gone. No container is ever started: what is judged is what the control plane does.
 */
export class StandInNodes {
  private stopped = false;
  private readonly work: Promise<void>;

  private constructor(private readonly api: ApiServer) {
    this.work = this.keepLooking();
    // Told when it is stopped.
    this.work.catch(() => undefined);
  }

  static async join(api: ApiServer): Promise<StandInNodes> {
    for (const { name, zone } of NODES) {
      const labels = {
        'kubernetes.io/hostname': name,
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        'topology.kubernetes.io/zone': `zone-${zone}`,
        'nvidia.com/gpu.present': 'true',
      };
      await api.create('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
      const conditions = [{ type: 'Ready', status: 'True', reason: 'StandsIn', message: 'stands in' }];
      await api.patch(`/api/v1/nodes/${name}/status`, {
        status: { capacity: CAPACITY, allocatable: CAPACITY, conditions },
      });
      // The API server has each begin as not ready; a controller that is off here would take that away.
      await api.patch(`/api/v1/nodes/${name}`, { spec: { taints: null } });
    }
    return new StandInNodes(api);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.work;
  }

  private async keepLooking(): Promise<void> {
    while (!this.stopped) {
      const pods = (await this.api.list('/api/v1/pods')) as unknown as Pod[];
      await Promise.all(pods.map((pod) => this.attend(pod)));
      await pause(LOOKED_EVERY_MS);
    }
  }

  private async attend({ metadata, spec, status }: Pod): Promise<void> {
    if (spec.nodeName === undefined) {
      return;
    }
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`;
    try {
      if (metadata.deletionTimestamp !== undefined) {
        await this.api.remove(path);
      } else if (status.phase === 'Pending') {
        const ends = metadata.ownerReferences?.some(({ kind }) => kind === 'Job') ?? false;
        await this.api.patch(`${path}/status`, { status: ends ? succeeded(spec) : ready(spec) });
      }
    } catch (error) {
      // It may be gone by now, or somebody else has changed it.
      if (!(error instanceof Refused && [404, 409].includes(error.status))) {
        throw error;
      }
    }
  }
}

function ready({ containers }: Pod['spec']): object {
  const startedAt = new Date().toISOString();
  return {
    phase: 'Running',
    startTime: startedAt,
    conditions: ['Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: 'True',
      lastTransitionTime: startedAt,
    })),
    containerStatuses: statuses(containers, true, { running: { startedAt } }),
  };
}

function succeeded({ containers }: Pod['spec']): object {
  const startedAt = new Date().toISOString();
  const terminated = { exitCode: 0, startedAt, finishedAt: startedAt };
  return {
    phase: 'Succeeded',
    startTime: startedAt,
    containerStatuses: statuses(containers, false, { terminated }),
  };
}

function statuses(containers: Pod['spec']['containers'], up: boolean, state: object): object[] {
  return containers.map(({ name, image }) => ({
    name,
    image,
    imageID: image,
    ready: up,
    started: up,
    restartCount: 0,
    state,
  }));
}
