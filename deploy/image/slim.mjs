// Leaves of a built workspace what a service runs on: node slim.mjs FOLDER ARCHITECTURE (x64 or arm64).
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const [folder = '.', architecture = process.arch] = process.argv.slice(2);

/** Packages that model packs are prepared from: the pack itself is not theirs any more. */
const WEIGHTS = ['@vladmandic+human-models@', 'faceplugin-face-recognition-js@'];
const NOT_RUN = /\.d\.[cm]?ts$|\.map$|\.test\.js$|\.tsbuildinfo$/;
const WORKSPACE = ['packages', 'services', 'models', 'proto'];
/** Of a workspace package, beside what it is built to: its manifest, its links, and a program's entry. */
const KEPT = new Set(['dist', 'package.json', 'node_modules', 'bin']);

const store = join(folder, 'node_modules', '.pnpm');
for (const name of readdirSync(store)) {
  if (WEIGHTS.some((prefix) => name.startsWith(prefix))) {
    remove(join(store, name));
  }
  if (name.startsWith('onnxruntime-node@')) {
    slimOnnxRuntime(join(store, name, 'node_modules', 'onnxruntime-node', 'bin'));
  }
}
for (const name of WORKSPACE) {
  slimWorkspace(join(folder, name));
}
removeNotRun(folder);

/** It ships the libraries of every system. */
function slimOnnxRuntime(bin) {
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
}

function removeNotRun(path) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) {
      removeNotRun(inner);
    } else if (entry.isFile() && NOT_RUN.test(entry.name)) {
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
