interface ListShape {
  readonly json?: true;
  /** Entries at most. */
  readonly limit: number;
}

/** Shows a list's first entries: a line of JSON for each as they come, or one table. */
export async function showList<Entry>(
  entries: AsyncIterable<Entry>,
  { json, limit }: ListShape,
  table: (entries: readonly Entry[]) => string,
  line: (entry: Entry) => unknown = (entry) => entry,
): Promise<void> {
  const shown: Entry[] = [];
  let count = 0;
  for await (const entry of entries) {
    if (count === limit) {
      console.error(`There are more than ${limit}: --limit shows them.`);
      break;
    }
    count++;
    if (json) {
      console.log(JSON.stringify(line(entry)));
    } else {
      shown.push(entry);
    }
  }
  if (!json) {
    console.log(shown.length === 0 ? 'none' : table(shown));
  }
}
