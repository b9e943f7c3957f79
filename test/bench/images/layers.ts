import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from './engine';

export const PARTS = ['base', 'node', 'models', 'app'] as const;
export type Part = (typeof PARTS)[number];

const TAG = 'org.opencontainers.image.ref.name';

export interface Layer {
  readonly part: Part;
  readonly digest: string;
  /** As a registry sends it: compressed. */
  readonly bytes: number;
}

interface Index {
  readonly manifests: readonly {
    readonly digest: string;
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

interface Configuration {
  readonly history: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

/**
 * The layers of an image as they would be pushed: to a folder of OCI's layout, where what images share is once.
 * https://github.com/opencontainers/image-spec/blob/main/image-layout.md
 */
export async function layersOf(engine: Engine, image: string): Promise<Layer[]> {
  const folder = join(engine.folder, 'pushed');
  const tag = image.replace(/\W+/g, '-');
  const read = async <T>(...path: readonly string[]) =>
    JSON.parse(await readFile(join(folder, ...path), 'utf8')) as T;
  const blob = <T>(digest: string) => read<T>('blobs', ...digest.split(':'));
  await engine.buildah('push', '--quiet', '--format', 'oci', image, `oci:${folder}:${tag}`);
  const { manifests } = await read<Index>('index.json');
  const pushed = manifests.find(({ annotations }) => annotations?.[TAG] === tag);
  const manifest = await blob<Manifest>(pushed?.digest ?? '');
  const { history } = await blob<Configuration>(manifest.config.digest);
  const made = history.filter(({ empty_layer }) => empty_layer !== true);
  return manifest.layers.map(({ digest, size }, index) => ({
    part: partMadeBy(made[index]?.created_by ?? ''),
    digest,
    bytes: size,
  }));
}

function partMadeBy(instruction: string): Part {
  if (instruction.includes('/usr/local/bin/node')) {
    return 'node';
  }
  if (instruction.includes('/opt/mien/models')) {
    return 'models';
  }
  return /\/app\/|\/var\/lib\/mien/.test(instruction) ? 'app' : 'base';
}
