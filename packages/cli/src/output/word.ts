/** GENDER_FEMALE as "female": the last part of an enumeration's name, for people. */
export function word(name: string, prefix: string): string {
  return name.slice(prefix.length).toLowerCase().replaceAll('_', ' ');
}

/** "1 photo", "2 photos". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
