import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { telemetryPage } from './document';
import { METRICS, type MetricDefinition } from './registry';

const ALL = Object.values<MetricDefinition>(METRICS);
const PERSONAL = /person_?id|face_?id|group_?id|key_?id|template|vector|address|url/i;

describe('registry', () => {
  it('has each name once', () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  });

  it.each(ALL)('$name is named as Prometheus names it', ({ name, kind, unit, buckets }) => {
    expect(name).toMatch(/^mien_[a-z0-9_]+$/);
    expect(name.endsWith('_total')).toBe(kind === 'counter' || kind === 'cumulative');
    expect(/_seconds(_total)?$/.test(name)).toBe(unit === 's');
    expect(name.endsWith('_bytes')).toBe(unit === 'By');
    expect(buckets === undefined).toBe(kind !== 'histogram');
  });

  it('has no label of a person or of who asks', () => {
    expect(ALL.flatMap(({ labels }) => labels).filter((label) => PERSONAL.test(label))).toEqual([]);
  });

  it('is what docs/telemetry.md shows: pnpm --filter @mien/telemetry write-files', () => {
    const page = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'telemetry.md'), 'utf8');
    expect(page).toBe(telemetryPage());
  });
});
