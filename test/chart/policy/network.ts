import type { KubernetesObject } from '../tools/helm';
import { type Pod, podsIn } from './pods';

type Labels = Readonly<Record<string, string>>;

interface Selector {
  readonly matchLabels?: Labels;
}

interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

interface Rule {
  readonly to?: readonly Peer[];
  readonly from?: readonly Peer[];
  readonly ports?: readonly { readonly port: number | string; readonly protocol?: string }[];
}

interface Policy {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

export interface PortOfPod {
  readonly name: string;
  readonly containerPort: number;
}

/** The network as a plugin that enforces the policies of a release makes it, inside its one namespace. */
export class PolicedNetwork {
  readonly pods: ReadonlyMap<string, Pod>;
  private readonly policies: readonly Policy[];

  constructor(objects: readonly KubernetesObject[]) {
    this.policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ spec }) => spec as Policy);
    this.pods = new Map(podsIn(objects).map((pod) => [componentOf(pod), pod]));
  }

  /** `component:port` of every pod that one of this component may call. */
  reachedFrom(component: string): string[] {
    const from = this.pod(component);
    return [...this.pods].flatMap(([other, to]) =>
      portsOf(to)
        .filter((port) => other !== component && this.lets(from, to, port))
        .map(({ name }) => `${other}:${name}`),
    );
  }

  /** Whether a pod of this component may call an address outside the cluster. */
  reachesAddress(component: string, address: string, port: number): boolean {
    const target = { name: '', containerPort: port };
    return this.rulesOver(this.pod(component), 'Egress').some(
      ({ to, ports }) =>
        portFits(ports, target) && (to === undefined || to.some((peer) => isInBlock(peer, address))),
    );
  }

  private lets(from: Pod, to: Pod, port: PortOfPod): boolean {
    const out = this.rulesOver(from, 'Egress').some(
      (rule) => isAmong(rule.to, to) && portFits(rule.ports, port),
    );
    const inward = this.rulesOver(to, 'Ingress').some(
      (rule) => isAmong(rule.from, from) && portFits(rule.ports, port),
    );
    return out && inward;
  }

  /** What the policies over a pod allow; a pod without any would be allowed everything, which is an error here. */
  private rulesOver(pod: Pod, type: 'Ingress' | 'Egress'): readonly Rule[] {
    const over = this.policies.filter(
      ({ podSelector, policyTypes }) => policyTypes.includes(type) && fits(podSelector, pod.labels),
    );
    if (over.length === 0) {
      throw new Error(`no policy says what ${pod.name} may do (${type})`);
    }
    return over.flatMap((policy) => (type === 'Ingress' ? policy.ingress : policy.egress) ?? []);
  }

  private pod(component: string): Pod {
    const pod = this.pods.get(component);
    if (pod === undefined) {
      throw new Error(`there is no ${component}`);
    }
    return pod;
  }
}

function componentOf({ labels }: Pod): string {
  return labels['app.kubernetes.io/component'] ?? '';
}

function portsOf({ containers }: Pod): readonly PortOfPod[] {
  return containers.flatMap(({ ports = [] }) => ports);
}

function fits(selector: Selector, labels: Labels): boolean {
  return Object.entries(selector.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
}

/** Peers of other namespaces are none of the release's pods. */
function isAmong(peers: readonly Peer[] | undefined, pod: Pod): boolean {
  return (
    peers === undefined ||
    peers.some(
      ({ podSelector, namespaceSelector, ipBlock }) =>
        ipBlock === undefined &&
        namespaceSelector === undefined &&
        podSelector !== undefined &&
        fits(podSelector, pod.labels),
    )
  );
}

function portFits(ports: Rule['ports'], { name, containerPort }: PortOfPod): boolean {
  return ports === undefined || ports.some(({ port }) => port === name || port === containerPort);
}

function isInBlock({ ipBlock }: Peer, address: string): boolean {
  return (
    ipBlock !== undefined &&
    isIn(ipBlock.cidr, address) &&
    !(ipBlock.except ?? []).some((block) => isIn(block, address))
  );
}

function isIn(block: string, address: string): boolean {
  const [network = '', bits = '32'] = block.split('/');
  const size = 2 ** (32 - Number(bits));
  return Math.floor(numberOf(network) / size) === Math.floor(numberOf(address) / size);
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
