import { AuthorizationError, PermissionViolationError } from '@nats-io/transport-node';

/** Says what the server refused; undefined for errors of another kind. */
export function refusalOf(error: unknown): string | undefined {
  const refusal = refusalIn(error);
  if (refusal instanceof AuthorizationError) {
    return 'the NATS server does not let us in with these credentials';
  }
  return (
    refusal &&
    `the NATS server does not let us use ${refusal.subject}: its permissions are of another version or for another service; see mien nats-permissions`
  );
}

/** The client library wraps what the server said. */
function refusalIn(error: unknown): PermissionViolationError | AuthorizationError | undefined {
  if (error instanceof PermissionViolationError || error instanceof AuthorizationError) {
    return error;
  }
  return error instanceof Error && error.cause !== undefined ? refusalIn(error.cause) : undefined;
}
