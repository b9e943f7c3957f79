import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import semver from 'semver';
import { forbiddenLicences } from './licences.mjs';
import { root } from './paths.mjs';
import { capture } from './step.mjs';

/** Severities that fail the audit. */
const FAILING = new Set(['high', 'critical']);
const TIMEOUT_MS = 30_000;
/** What registries without this endpoint answer. */
const NO_ENDPOINT = new Set([403, 404, 405, 501]);

/**
 * Checks the licences of all production dependencies, and asks the registry for advisories about them. Returns the exit
 * code: 1 for a licence that is not allowed, and for advisories of high or critical severity that
 * audit-exceptions.json does not hold, or no longer. A registry that knows no advisories fails nothing.
 */
export async function auditDependencies(pnpm, registry) {
  const packages = await productionPackages(pnpm);
  const forbidden = forbiddenLicences(packages);
  for (const { name, license } of forbidden) {
    console.error(`licence: ${name} is under ${license}, which is not on the list`);
  }
  if (forbidden.length === 0) {
    console.log(`licences: all ${packages.length} production dependencies are under licences on the list`);
  }
  const open = await openAdvisories(packages, registry ?? (await configuredRegistry()));
  return forbidden.length + open > 0 ? 1 : 0;
}

/** Name, versions and licence of each package that production code stands on, over the whole workspace. */
async function productionPackages(pnpm) {
  const args = [...pnpm.args, 'licenses', 'list', '--recursive', '--prod', '--json'];
  const byLicence = JSON.parse(await capture(pnpm.command, args, { cwd: root, timeoutMs: TIMEOUT_MS }));
  return Object.entries(byLicence).flatMap(([license, packages]) =>
    packages.map(({ name, versions }) => ({ name, versions, license })),
  );
}

async function configuredRegistry() {
  return await capture('npm', ['config', 'get', 'registry'], { cwd: root, timeoutMs: TIMEOUT_MS });
}

/** Prints what the registry knows against the packages, and returns how many advisories fail the audit. */
async function openAdvisories(packages, registry) {
  const answer = await askRegistry(packages, registry);
  if (typeof answer === 'string') {
    console.log(`audit: not done, as the registry ${answer}`);
    return 0;
  }
  const found = packages.flatMap(({ name, versions }) =>
    (answer[name] ?? [])
      .filter((advisory) =>
        versions.some((version) => semver.satisfies(version, advisory.vulnerable_versions)),
      )
      .map((advisory) => ({ name, versions, ...advisory })),
  );
  const excepted = exceptionsNow();
  const open = found.filter((one) => FAILING.has(one.severity) && !excepted.has(advisoryId(one)));
  for (const one of found) {
    const note = open.includes(one) ? 'FAILS' : 'told only';
    const { name, versions, severity, title, url } = one;
    console.log(`audit: ${name} ${versions.join(', ')}: ${severity}, ${title} (${url}): ${note}`);
  }
  console.log(`audit: ${packages.length} packages, ${found.length} advisories, ${open.length} of them fail`);
  return open.length;
}

/** Advisories by package name, or why there are none to be had. https://docs.npmjs.com/cli/commands/npm-audit */
async function askRegistry(packages, registry) {
  const url = new URL(
    '-/npm/v1/security/advisories/bulk',
    registry.endsWith('/') ? registry : `${registry}/`,
  );
  const body = JSON.stringify(Object.fromEntries(packages.map(({ name, versions }) => [name, versions])));
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.ok) {
      return await response.json();
    }
    return NO_ENDPOINT.has(response.status)
      ? `has no audit endpoint (status ${response.status})`
      : `answered with status ${response.status}`;
  } catch (error) {
    return `could not be asked: ${error.message}`;
  }
}

/** GHSA-xxxx-xxxx-xxxx, which the address of an advisory ends with. */
function advisoryId({ url }) {
  return url.split('/').at(-1);
}

/** Ids of advisories that we live with for now; each exception has a last day. */
function exceptionsNow() {
  const all = JSON.parse(readFileSync(join(root, 'scripts', 'bootstrap', 'audit-exceptions.json'), 'utf8'));
  const today = new Date().toISOString().slice(0, 10);
  return new Set(all.filter(({ until }) => until >= today).map(({ advisory }) => advisory));
}
