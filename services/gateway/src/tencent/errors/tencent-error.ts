import type { Code } from './codes';

/** A refusal of this endpoint's own: of what has no reason among Mien's, because only this interface knows it. */
export class TencentError extends Error {
  override readonly name = 'TencentError';

  /** @param parameter the request's parameter that is at fault */
  constructor(
    readonly code: Code,
    readonly parameter?: string,
  ) {
    super(parameter === undefined ? code : `${code}: ${parameter}`);
  }
}
