/** GENDER_FEMALE as "female": the last part of an enumeration's name, for people. */
export function word(name: string, prefix: string): string {
  return name.slice(prefix.length).toLowerCase().replaceAll('_', ' ');
}
