import { STAGE_NAMES } from '../catalog';

/**
 * Who may have an account of its own at the NATS server: the services, who listens to events inside the cluster, who
 * sets the streams up, and the operator.
 */
export const BUS_USERS = [
  ...STAGE_NAMES,
  'gateway',
  'notifier',
  'listener',
  'provisioner',
  'operator',
] as const;

export type BusUser = (typeof BUS_USERS)[number];

const PREFIX = 'mien-';

/** The name that the user's connections have: inboxes and replies are under it. */
export function connectionName(user: BusUser): string {
  return `${PREFIX}${user}`;
}

/** Whose connection has the name; undefined for one that is nobody's in particular, as of a whole platform. */
export function userNamed(name: string): BusUser | undefined {
  return BUS_USERS.find((user) => connectionName(user) === name);
}
