import { CALLER_NAMES } from './callers';
import { isKeptOut } from './knock';
import type { WalkRow } from './walk';

/** Methods by callers, a plus where a caller was let in. */
export function walkTable(rows: readonly WalkRow[]): string {
  const width = Math.max(...rows.map(({ method }) => method.length));
  const head = `${'method'.padEnd(width)}       ${CALLER_NAMES.join('  ')}`;
  const lines = rows.map(({ method, transport, outcomes, wrong }) => {
    const cells = CALLER_NAMES.map((name) => (isKeptOut(outcomes[name]) ? '-' : '+').padEnd(name.length));
    return `${method.padEnd(width)} ${transport}  ${cells.join('  ')}${wrong.length === 0 ? '' : `  WRONG: ${wrong}`}`;
  });
  return [head, ...lines].join('\n');
}
