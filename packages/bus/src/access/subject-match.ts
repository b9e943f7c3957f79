/**
 * Whether a subject is among those that a pattern of NATS stands for: `*` one token, `>` at the end one or more.
 * https://docs.nats.io/nats-concepts/subjects#wildcards
 */
export function matchesSubject(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const tokens = subject.split('.');
  for (const [index, token] of wanted.entries()) {
    if (token === '>') {
      return tokens.length > index;
    }
    if (tokens[index] === undefined || (token !== '*' && token !== tokens[index])) {
      return false;
    }
  }
  return tokens.length === wanted.length;
}
