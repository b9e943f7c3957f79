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

/** As renderUsers, as the value of `authorization` in JSON, as other tools merge it into a configuration. */
export function usersAsJson(users: readonly ServerUser[]): object {
  return {
    users: users.map(({ publicKey, rights }) => ({
      nkey: publicKey,
      ...(rights === undefined ? {} : { permissions: permissionsOf(rights) }),
    })),
  };
}

function rendered({ publicKey, rights, comment }: ServerUser): string {
  return [
    ...(comment === undefined ? [] : [`    # ${comment}`]),
    '    {',
    `      nkey: ${publicKey}`,
    ...(rights === undefined ? [] : renderedPermissions(rights)),
    '    }',
  ].join('\n');
}

function renderedPermissions(rights: Rights): string[] {
  const { publish, subscribe } = permissionsOf(rights);
  return [
    '      permissions {',
    '        publish {',
    ...renderedSubjects(publish),
    '        }',
    '        subscribe {',
    ...renderedSubjects(subscribe),
    '        }',
    '      }',
  ];
}

interface Subjects {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
}

function permissionsOf({ publish, neverPublish, subscribe }: Rights): {
  publish: Subjects;
  subscribe: Subjects;
} {
  return { publish: only(publish, neverPublish), subscribe: only(subscribe, []) };
}

/** An empty list of what is allowed would allow everything. */
function only(allow: readonly string[], deny: readonly string[]): Subjects {
  return allow.length === 0 ? { deny: ['>'] } : { allow, ...(deny.length === 0 ? {} : { deny }) };
}

function renderedSubjects({ allow, deny }: Subjects): string[] {
  return [...renderedList('allow', allow), ...renderedList('deny', deny)];
}

function renderedList(verb: string, subjects: readonly string[] = []): string[] {
  const quoted = subjects.map((subject) => `            ${JSON.stringify(subject)}`);
  return quoted.length === 0 ? [] : [`          ${verb}: [`, ...quoted, '          ]'];
}
