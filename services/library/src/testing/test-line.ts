import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { detectorFactory } from '@mien/detector';
import { embedderFactory } from '@mien/embedder';
import { landmarkFactory } from '@mien/landmark';
import { defaultManifestPath } from '@mien/models';
import { FaceFeatures, Job, type Photo } from '@mien/proto';
import { createLogger, parseConfig, type Stage, type StageContext, type StageFactory } from '@mien/service';

const FOLDER = join(dirname(require.resolve('@vladmandic/face-api/package.json')), 'demo');

/** One of the packaged photos of several people, 1..6. */
export function groupPhoto(number: number): Buffer {
  return readFileSync(join(FOLDER, `sample${number}.jpg`));
}

/** The stages before the library, in this process: real detector, landmarks and embedder. */
export class TestLine {
  private readonly stored = new Map<string, Buffer>();

  private constructor(private readonly stages: readonly Stage[]) {}

  static async open(): Promise<TestLine> {
    return new TestLine([
      await opened(detectorFactory),
      await opened(landmarkFactory),
      await opened(embedderFactory),
    ]);
  }

  /** What the runtime lends a stage, over the photos that went through this line. */
  readonly context: StageContext = {
    logger: createLogger({ service: 'library-test', level: 'silent' }),
    signal: new AbortController().signal,
    readImage: async ({ key }) => this.photoBytes(key),
    inference: (_, run) => run(),
  };

  /** The photo with all that the line finds in it, as it comes to the library. */
  async look(bytes: Buffer): Promise<Photo> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const key = `photos/${sha256}`;
    this.stored.set(key, bytes);
    const features = FaceFeatures.fromPartial({ landmarks: true, quality: true, template: true });
    let job = Job.fromPartial({
      id: 'look',
      itinerary: ['detector', 'landmark', 'embedder', 'library'],
      options: { features },
      photos: [{ image: { key, sha256, size: bytes.length } }],
    });
    for (const stage of this.stages) {
      job = await stage.process(job, this.context);
    }
    const [photo] = job.photos;
    if (photo === undefined) {
      throw new Error('the line lost the photo');
    }
    return photo;
  }

  async close(): Promise<void> {
    await Promise.all(this.stages.map((stage) => stage.close()));
  }

  private photoBytes(key: string): Buffer {
    const bytes = this.stored.get(key);
    if (bytes === undefined) {
      throw new Error(`no photo ${key}`);
    }
    return bytes;
  }
}

function opened<Config>(factory: StageFactory<Config>): Promise<Stage> {
  const { config } = parseConfig({ config: factory.configSchema }, {});
  return factory.create({ modelPack: defaultManifestPath(), inferenceThreads: 1, config });
}
