import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { type ModelOf, type ModelTask, type PackManifest, packManifestSchema } from './manifest';

/** Why a model pack cannot be used. */
export type PackReason =
  | 'manifest-missing'
  | 'manifest-malformed'
  | 'file-missing'
  | 'hash-mismatch'
  | 'task-missing';

/** A model pack that cannot be used; the message says what to do. */
export class PackError extends Error {
  override readonly name = 'PackError';

  constructor(
    readonly reason: PackReason,
    message: string,
  ) {
    super(message);
  }
}

/** A model of a loaded pack, with the absolute path of its file. */
export type PackedModel<T extends ModelTask = ModelTask> = ModelOf<T> & { readonly path: string };

/** A pack whose manifest is valid. */
export class ModelPack {
  constructor(
    readonly name: string,
    readonly version: string,
    readonly models: readonly PackedModel[],
  ) {}

  /** The pack's model for a task, or undefined when the pack has none. */
  find<T extends ModelTask>(task: T): PackedModel<T> | undefined {
    const isTask = (model: PackedModel): model is PackedModel<T> => model.task === task;
    return this.models.find(isTask);
  }

  /**
   * The pack's model for a task.
   * @throws PackError `task-missing`
   */
  model<T extends ModelTask>(task: T): PackedModel<T> {
    const model = this.find(task);
    if (!model) throw new PackError('task-missing', `model pack "${this.name}" has no model for ${task}`);
    return model;
  }
}

/**
 * Reads a pack's manifest, and those that it extends, for who runs its models: their files are there. Their content is
 * checked by {@link verifyPack}.
 * @throws PackError
 */
export function loadPack(manifestPath: string): ModelPack {
  const pack = readPack(manifestPath);
  for (const { path: file } of pack.models) {
    if (!existsSync(file)) throw new PackError('file-missing', `${file} is missing: prepare the model pack`);
  }
  return pack;
}

/**
 * Reads a pack's manifest, and those that it extends, for who runs no model: their files need not be there.
 * @throws PackError `manifest-missing` or `manifest-malformed`
 */
export function readPack(manifestPath: string): ModelPack {
  const path = resolve(manifestPath);
  const { name, version } = readManifest(path);
  return new ModelPack(name, version, collectModels(path, []));
}

/** The models of a manifest, then those of the one that it extends for the tasks still open. */
function collectModels(path: string, extenders: readonly string[]): PackedModel[] {
  if (extenders.includes(path)) {
    throw new PackError('manifest-malformed', `${path} extends itself, by way of ${extenders.join(', ')}`);
  }
  const manifest = readManifest(path);
  const own = manifest.models.map((model) => ({ ...model, path: join(dirname(path), model.file) }));
  if (manifest.extends === undefined) return own;
  const base = collectModels(resolve(dirname(path), manifest.extends), [...extenders, path]);
  return [...own, ...base.filter(({ task }) => own.every((model) => model.task !== task))];
}

/**
 * Reads and checks a manifest alone.
 * @throws PackError `manifest-missing` or `manifest-malformed`
 */
export function readManifest(path: string): PackManifest {
  if (!existsSync(path)) {
    throw new PackError('manifest-missing', `${path} is missing: prepare the model pack or name another`);
  }
  const parsed = packManifestSchema.safeParse(parseJson(path));
  if (!parsed.success) {
    throw new PackError('manifest-malformed', `${path}:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PackError('manifest-malformed', `${path} is not JSON: ${String(error)}`);
  }
}

/**
 * Checks the SHA-256 of every file of a pack.
 * @throws PackError `hash-mismatch` naming the first file that differs
 */
export async function verifyPack(pack: ModelPack): Promise<void> {
  for (const { path, sha256 } of pack.models) {
    const found = await hashFile(path);
    if (found !== sha256) {
      throw new PackError('hash-mismatch', `${path} has SHA-256 ${found}, the manifest says ${sha256}`);
    }
  }
}

/** SHA-256 of a file, lower-case hexadecimal. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Where the default pack's manifest lies after preparation.
 * @param dataDirectory folder that Mien keeps its data in; `.mien` of the repository when left out
 */
export function defaultManifestPath(dataDirectory = resolve(__dirname, '../../.mien')): string {
  return join(dataDirectory, 'models', 'default', 'manifest.json');
}
