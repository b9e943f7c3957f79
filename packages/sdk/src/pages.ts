import type { Page } from '@mien/proto';
import type { CallSettings } from './settings';

export interface ListSettings extends CallSettings {
  /** Entries that are fetched at once, 1..1000; 100 unless given. The limit on time is for each such fetch. */
  readonly pageSize?: number;
}

interface Fetched<Entry> {
  readonly entries: readonly Entry[];
  readonly nextCursor: string;
}

/** All entries of a list, fetched a page at a time as they are asked for. */
export async function* pagesOf<Entry>(
  { pageSize = 0 }: ListSettings,
  fetch: (page: Page) => Promise<Fetched<Entry>>,
): AsyncGenerator<Entry, void, void> {
  let cursor = '';
  do {
    const { entries, nextCursor } = await fetch({ size: pageSize, cursor });
    yield* entries;
    cursor = nextCursor;
  } while (cursor !== '');
}
