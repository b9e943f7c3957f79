import type { Container, Pod, SecurityContext } from './pods';

/** What every pod of the chart has to keep: the "restricted" Pod Security Standard, and what an operator asks beside it. */
interface Rule {
  readonly name: string;
  keptBy(container: Container, pod: Pod): boolean;
}

export interface Breach {
  readonly rule: string;
  readonly pod: string;
  readonly container: string;
}

const RESOURCES = ['cpu', 'memory', 'ephemeral-storage'];
/** A variable that holds a secret by its name must not have it written out. */
const SECRET = /PASSWORD|TOKEN|SECRET|API_KEY$|ACCESS_KEY|ENCRYPTION_KEYS/;

export const RULES: readonly Rule[] = [
  { name: 'no root', keptBy: (container, pod) => runsWithoutRoot(securityOf(container, pod)) },
  {
    name: 'read-only root file system',
    keptBy: ({ securityContext }) => securityContext?.readOnlyRootFilesystem === true,
  },
  {
    name: 'all capabilities dropped, none added',
    keptBy: ({ securityContext }) =>
      securityContext?.capabilities?.drop?.includes('ALL') === true &&
      (securityContext.capabilities.add ?? []).length === 0,
  },
  {
    name: 'no privileges, no way to them',
    keptBy: ({ securityContext }) =>
      securityContext?.allowPrivilegeEscalation === false && securityContext.privileged !== true,
  },
  {
    name: 'seccomp',
    keptBy: (container, pod) => securityOf(container, pod).seccompProfile?.type === 'RuntimeDefault',
  },
  {
    name: 'requests and limits of all resources',
    keptBy: ({ resources }) =>
      RESOURCES.every(
        (name) => resources?.requests?.[name] !== undefined && resources.limits?.[name] !== undefined,
      ),
  },
  {
    name: 'startup, readiness and liveness probes',
    keptBy: ({ startupProbe, readinessProbe, livenessProbe }, { staying }) =>
      !staying || [startupProbe, readinessProbe, livenessProbe].every((probe) => probe !== undefined),
  },
  {
    name: 'no token of the API server',
    keptBy: (_, { spec }) => spec.automountServiceAccountToken === false,
  },
  {
    name: 'nothing of the node',
    keptBy: (_, { spec }) =>
      spec.hostNetwork !== true &&
      spec.hostPID !== true &&
      spec.hostIPC !== true &&
      (spec.volumes ?? []).every(({ hostPath }) => hostPath === undefined),
  },
  { name: 'image of one version', keptBy: ({ image }) => /:[^/]*\d[^/]*$/.test(image) },
  {
    name: 'no secret written out',
    keptBy: ({ env = [] }) => env.every(({ name, value }) => !SECRET.test(name) || value === undefined),
  },
];

export function breachesOf(pod: Pod): Breach[] {
  return pod.containers.flatMap((container) =>
    RULES.filter((rule) => !rule.keptBy(container, pod)).map(({ name }) => ({
      rule: name,
      pod: pod.name,
      container: container.name,
    })),
  );
}

/** A container's own settings win over the pod's. */
function securityOf(container: Container, { spec }: Pod): SecurityContext {
  return { ...spec.securityContext, ...container.securityContext };
}

function runsWithoutRoot({ runAsNonRoot, runAsUser }: SecurityContext): boolean {
  return runAsNonRoot === true && runAsUser !== undefined && runAsUser > 0;
}
