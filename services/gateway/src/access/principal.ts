import { Role } from '@mien/proto';

/** Who asks. */
export interface Principal {
  /** Of the key; what the caller makes belongs to it. */
  readonly keyId: string;
  readonly role: Role;
  /** The only groups that the caller reaches; all when empty. */
  readonly groupIds: readonly string[];
}

/** Who asks where no keys are asked for. */
export const LOCAL_OPERATOR: Principal = { keyId: 'local', role: Role.ROLE_ADMIN, groupIds: [] };
