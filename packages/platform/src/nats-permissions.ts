import { fileAllCredentials, renderUsers, serverUsers, usersAsJson } from '@mien/bus';

/** The users of NATS as its configuration is to have them. */
export interface NatsPermissions {
  /** A part of a nats-server's configuration. */
  readonly configuration: string;
  /** The same as JSON, as the value of `authorization`. */
  readonly json: object;
  /** Where the seed of each user's nkey is. */
  readonly seedFiles: readonly string[];
}

/** The rights of every service, with credentials out of a folder: those that are missing are made there. */
export async function natsPermissions(folder: string): Promise<NatsPermissions> {
  const credentials = await fileAllCredentials(folder);
  const users = serverUsers(credentials);
  return {
    configuration: renderUsers(users),
    json: usersAsJson(users),
    seedFiles: [...credentials.values()].map(({ seedFile }) => seedFile),
  };
}
