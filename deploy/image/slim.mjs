// Leaves of a built workspace what a service runs on: node slim.mjs FOLDER ARCHITECTURE SERVICE (x64 or arm64).
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '.', architecture = process.arch, service = ''] = process.argv.slice(2);

/** Packages that model packs are prepared from: the pack itself is not theirs any more. */
const WEIGHTS = ['@vladmandic+human-models@', 'faceplugin-face-recognition-js@'];
/** They decode pictures and compare templates, and load no model: `@mien/vision` loads onnxruntime in a thread of its own. */
const WITHOUT_INFERENCE = ['gateway', 'library', 'notifier'];
/** Types, sources, maps, pages for people, tests, what editors and linters read. Licences stay. */
const NOT_RUN_FILE =
  /\.([cm]?ts|map|tsbuildinfo|md|markdown|flow|(test|contract)\.js|cc|h)$|^swagger-ui(-es-bundle.*)?\.js$/;
const NOT_RUN_FOLDER = new Set(['.bin', '.github', '.turbo']);
const DOT_FILE = /^\.(?!modules\.yaml$)/;
const WORKSPACE = ['packages', 'services', 'models', 'proto'];
/** Of a workspace package, beside what it is built to: its manifest, its links, and a program's entry. */
const KEPT = new Set(['dist', 'package.json', 'node_modules', 'bin']);
const KEPT_AT_ROOT = new Set([...WORKSPACE, 'package.json', 'node_modules']);

for (const name of readdirSync(folder)) {
  if (!KEPT_AT_ROOT.has(name)) {
    remove(join(folder, name));
  }
}
const store = join(folder, 'node_modules', '.pnpm');
for (const name of readdirSync(store)) {
  if (WEIGHTS.some((prefix) => name.startsWith(prefix))) {
    remove(join(store, name));
  }
  if (name.startsWith('onnxruntime-node@')) {
    slimOnnxRuntime(join(store, name));
  }
}
for (const name of WORKSPACE) {
  slimWorkspace(join(folder, name));
}
removeNotRun(folder);

/** It ships the libraries of every system. */
function slimOnnxRuntime(path) {
  if (WITHOUT_INFERENCE.includes(service)) {
    remove(path);
    return;
  }
  const bin = join(path, 'node_modules', 'onnxruntime-node', 'bin');
  for (const version of readdirSync(bin)) {
    for (const system of readdirSync(join(bin, version))) {
      for (const processor of readdirSync(join(bin, version, system))) {
        if (system !== 'linux' || processor !== architecture) {
          remove(join(bin, version, system, processor));
        }
      }
    }
  }
}

/** A folder of packages, or a package. */
function slimWorkspace(path) {
  const entries = namesIn(path);
  if (!entries.includes('package.json')) {
    for (const name of entries) {
      slimWorkspace(join(path, name));
    }
    return;
  }
  for (const name of entries) {
    if (!KEPT.has(name)) {
      remove(join(path, name));
    }
  }
  removeTesting(join(path, 'dist'));
}

/** What only tests stand on. */
function removeTesting(path) {
  for (const name of namesIn(path)) {
    if (name === 'testing') {
      remove(join(path, name));
    } else {
      removeTesting(join(path, name));
    }
  }
}

function removeNotRun(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory() && !NOT_RUN_FOLDER.has(entry.name)) {
      removeNotRun(inner);
    } else if (entry.isDirectory() || NOT_RUN_FILE.test(entry.name) || DOT_FILE.test(entry.name)) {
      remove(inner);
    }
  }
}

function namesIn(path) {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function remove(path) {
  rmSync(path, { recursive: true, force: true });
}
