import { type FiledCredentials, fileCredentials } from './credentials';
import { rightsOf } from './permissions';
import type { ServerUser } from './server-users';
import { BUS_USERS, type BusUser } from './users';

/** Every user's credentials in a folder: those that are missing are made. */
export async function fileAllCredentials(folder: string): Promise<ReadonlyMap<BusUser, FiledCredentials>> {
  const filed = new Map<BusUser, FiledCredentials>();
  for (const user of BUS_USERS) {
    filed.set(user, await fileCredentials(folder, user));
  }
  return filed;
}

/** The users as the server is to know them, each with no more rights than its work needs. */
export function serverUsers(credentials: ReadonlyMap<BusUser, { readonly publicKey: string }>): ServerUser[] {
  return [...credentials].map(([user, { publicKey }]) => ({
    publicKey,
    rights: rightsOf(user),
    comment: user,
  }));
}
