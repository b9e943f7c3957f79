/**
 * Probability that a job has to wait at c servers with c * utilisation erlang offered: Erlang's C formula, by way of
 * the recursion for Erlang's B, which does not overflow (L. Kleinrock, Queueing Systems I, 1975, section 3.5).
 * 1 at a utilisation of 1 or more.
 */
export function probabilityOfWaiting(servers: number, utilisation: number): number {
  if (utilisation >= 1) {
    return 1;
  }
  const offered = servers * utilisation;
  let blocked = 1;
  for (let server = 1; server <= servers; server += 1) {
    blocked = (offered * blocked) / (server + offered * blocked);
  }
  return blocked / (1 - utilisation * (1 - blocked));
}
