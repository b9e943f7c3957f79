import type { Rights } from './rights';

/** A user as the server's configuration has it. */
export interface ServerUser {
  readonly publicKey: string;
  /** Everything unless given. */
  readonly rights?: Rights;
  /** Who it is, for those who read the configuration. */
  readonly comment?: string;
}

/**
 * The part of a nats-server's configuration that lets these users in, and nobody else.
 * https://docs.nats.io/running-a-nats-service/configuration/securing_nats/authorization
 */
export function renderUsers(users: readonly ServerUser[]): string {
  return ['authorization {', '  users = [', ...users.map(rendered), '  ]', '}', ''].join('\n');
}

function rendered({ publicKey, rights, comment }: ServerUser): string {
  return [
    ...(comment === undefined ? [] : [`    # ${comment}`]),
    '    {',
    `      nkey: ${publicKey}`,
    ...(rights === undefined ? [] : permissions(rights)),
    '    }',
  ].join('\n');
}

function permissions({ publish, subscribe }: Rights): string[] {
  return [
    '      permissions {',
    `        publish { ${only(publish)} }`,
    `        subscribe { ${only(subscribe)} }`,
    '      }',
  ];
}

/** An empty list of what is allowed would allow everything. */
function only(subjects: readonly string[]): string {
  const quoted = subjects.map((subject) => `          ${JSON.stringify(subject)}`);
  return subjects.length === 0 ? 'deny: ">"' : `allow: [\n${quoted.join('\n')}\n        ]`;
}
