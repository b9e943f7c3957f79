import type { Endpoint, Rule } from '@mien/sdk';
import { durationText, momentText } from './moment';
import { textTable } from './table';

/** Endpoints for a terminal, one a row. */
export function endpointTable(endpoints: readonly Endpoint[]): string {
  return textTable(
    ['id', 'url', 'name', 'created', 'key'],
    endpoints.map(({ id, url, name, createdAt, keyId }) => [id, url, name, momentText(createdAt), keyId]),
  );
}

/** Rules for a terminal, one a row. */
export function ruleTable(rules: readonly Rule[]): string {
  return textTable(
    ['id', 'name', 'calls', 'when seen', 'by', 'from score', 'quiet', 'key'],
    rules.map((rule) => [
      rule.id,
      rule.name,
      rule.endpointId,
      [...rule.groupIds.map((id) => `group ${id}`), ...(rule.strangers ? ['strangers'] : [])].join('\n'),
      rule.sources.length === 0 ? 'any source' : rule.sources.join('\n'),
      rule.minimumScore === 0 ? '' : String(rule.minimumScore),
      rule.quietSeconds === 0 ? '' : durationText(rule.quietSeconds),
      rule.keyId,
    ]),
  );
}
