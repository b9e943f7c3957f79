import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { onPath } from '../chart/tools/go';
import { repositoryRoot } from '../photos/repository';

const run = promisify(execFile);
const FOLDER = join(repositoryRoot(), 'deploy', 'prometheus');
const PROMTOOL = onPath('promtool');
const withPromtool = PROMTOOL === undefined ? describe.skip : describe;

function alertsIn(file: string): string[] {
  const text = readFileSync(join(FOLDER, 'rules', file), 'utf8');
  const { groups } = parse(text) as { groups: { rules: { alert: string }[] }[] };
  return groups.flatMap(({ rules }) => rules.map(({ alert }) => alert));
}

withPromtool('promtool', () => {
  it.each(readdirSync(join(FOLDER, 'rules')))(
    'sees the alerts of %s fire, and be quiet, as they should',
    async (file) => {
      const test = join(FOLDER, 'tests', file);
      const { tests } = parse(readFileSync(test, 'utf8')) as { tests: { name: string }[] };
      const names = alertsIn(file).flatMap((alert) => [`${alert} fires`, `${alert} is quiet`]);
      expect(tests.map(({ name }) => name)).toEqual(names);
      const { stdout } = await run(PROMTOOL ?? '', ['test', 'rules', test]);
      expect(stdout).toContain('SUCCESS');
    },
  );
});
