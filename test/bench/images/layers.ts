import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Engine } from './engine';

export const PARTS = ['base', 'node', 'models', 'app'] as const;
export type Part = (typeof PARTS)[number];

interface Layer {
  readonly part: Part;
  readonly digest: string;
  /** As a registry sends it: compressed. */
  readonly bytes: number;
}

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
}

interface Configuration {
  readonly history: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

/** The layers of an image as it would be pushed. */
export async function layersOf(engine: Engine, image: string): Promise<Layer[]> {
  const folder = await mkdtemp(join(engine.folder, 'pushed-'));
  try {
    await engine.buildah('push', '--quiet', '--format', 'v2s2', image, `dir:${folder}`);
    const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
    const config = join(folder, manifest.config.digest.replace('sha256:', ''));
    const { history } = JSON.parse(await readFile(config, 'utf8')) as Configuration;
    const made = history.filter(({ empty_layer }) => empty_layer !== true);
    return manifest.layers.map(({ digest, size }, index) => ({
      part: partMadeBy(made[index]?.created_by ?? ''),
      digest,
      bytes: size,
    }));
  } finally {
    await rm(folder, { recursive: true });
  }
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
