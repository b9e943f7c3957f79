import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelEntry, PackManifest } from '../manifest';
import { hashFile } from '../pack';
import { PreparationError } from './errors';
import { RECIPES } from './recipes';
import { readSources, sha256Of } from './sources';

/** What happened to one model; told as preparation goes along. */
export interface Progress {
  model: ModelEntry;
  /** Position of the model, from 1. */
  index: number;
  total: number;
  outcome: 'present' | 'made';
}

/**
 * Brings a folder to hold a pack's files and its manifest. Files that are there and right are left alone; others
 * are made from their sources. Every file appears whole or not at all, the manifest last.
 *
 * @param manifestText the manifest as committed, copied as it is
 * @throws PreparationError
 */
export async function preparePack(
  manifest: PackManifest,
  manifestText: string,
  directory: string,
  report: (progress: Progress) => void,
): Promise<void> {
  createFolder(directory);
  const total = manifest.models.length;
  for (const [position, model] of manifest.models.entries()) {
    const path = join(directory, model.file);
    const present = existsSync(path) && (await hashFile(path)) === model.sha256;
    if (!present) writeAtomically(path, makeModel(model));
    report({ model, index: position + 1, total, outcome: present ? 'present' : 'made' });
  }
  const manifestPath = join(directory, 'manifest.json');
  const current = existsSync(manifestPath) && readFileSync(manifestPath, 'utf8') === manifestText;
  if (!current) writeAtomically(manifestPath, manifestText);
}

function makeModel(model: ModelEntry): Uint8Array {
  const bytes = RECIPES[model.task](readSources(model));
  const found = sha256Of(bytes);
  if (found !== model.sha256) {
    throw new PreparationError(
      'result-differs',
      `${model.file} came out as ${found}, the manifest says ${model.sha256}: ` +
        'if the conversion was changed on purpose, run with --update-manifest and commit the new hashes',
    );
  }
  return bytes;
}

/** The manifest with the hashes of what the recipes make now. */
export function withFreshHashes(manifest: PackManifest): PackManifest {
  const models = manifest.models.map((model) => ({
    ...model,
    sha256: sha256Of(RECIPES[model.task](readSources(model))),
  }));
  return { ...manifest, models };
}

function createFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
  } catch (error) {
    throw new PreparationError('not-writable', `cannot create ${directory}: ${String(error)}`);
  }
}

/** Writes beside the file and renames over it. */
function writeAtomically(path: string, content: Uint8Array | string): void {
  const partial = `${path}.${process.pid}.partial`;
  try {
    writeFileSync(partial, content);
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new PreparationError('not-writable', `cannot write ${path}: ${String(error)}`);
  }
}
