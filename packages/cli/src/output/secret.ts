/** A secret below what it belongs to: nobody can look it up later. */
export function withSecret(text: string, secret: string): string {
  return `${text}\nThe secret, shown this once:\n${secret}`;
}
