import type { PageRequest } from '@mien/people';
import type { Page } from '@mien/proto';

/** Which page a request asks for; what it leaves out has the people store's defaults. */
export function pageRequest(page: Page | undefined): PageRequest {
  const { size = 0, cursor = '' } = page ?? {};
  return { ...(size === 0 ? {} : { size }), cursor };
}
