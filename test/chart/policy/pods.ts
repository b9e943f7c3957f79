import type { KubernetesObject } from '../tools/helm';

export interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly seccompProfile?: { readonly type?: string };
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly securityContext?: SecurityContext;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, unknown>>;
    readonly limits?: Readonly<Record<string, unknown>>;
  };
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly startupProbe?: object;
  readonly readinessProbe?: object;
  readonly livenessProbe?: object;
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly securityContext?: SecurityContext;
  readonly automountServiceAccountToken?: boolean;
  readonly serviceAccountName?: string;
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly hostIPC?: boolean;
  readonly volumes?: readonly { readonly hostPath?: object }[];
}

/** A pod, or what pods are made from. */
export interface Pod {
  readonly name: string;
  /** Whether it runs until it is told to go: a job and a test end by themselves. */
  readonly staying: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  readonly containers: readonly Container[];
}

const STAYING = ['Deployment', 'StatefulSet', 'DaemonSet'];

export function podsIn(objects: readonly KubernetesObject[]): Pod[] {
  return objects.flatMap((object): Pod[] => {
    const made = object.kind === 'Pod' ? object : templateOf(object);
    if (made === undefined) {
      return [];
    }
    const spec = made['spec'] as PodSpec;
    return [
      {
        name: `${object.kind} ${object.metadata.name}`,
        staying: STAYING.includes(object.kind),
        labels: (made['metadata'] as { labels?: Record<string, string> } | undefined)?.labels ?? {},
        spec,
        containers: [...spec.containers, ...(spec.initContainers ?? [])],
      },
    ];
  });
}

function templateOf(object: KubernetesObject): Record<string, unknown> | undefined {
  return (object['spec'] as { template?: Record<string, unknown> } | undefined)?.template;
}
