import { credentials } from '@grpc/grpc-js';
import { type ProcessPlatform, startProcessEach } from '@mien/platform';
import { type CheckLibraryResponse, LibraryAdminServiceClient } from '@mien/proto';

/** A platform of processes whose library may be killed, asked for its health, and told from its log when it is back. */
export class KillableLibrary {
  private port = 0;
  private starts = 0;
  private readonly waiting: { readonly starts: number; readonly resolve: () => void }[] = [];

  private constructor(private running: ProcessPlatform | undefined) {}

  static async start(settings: NodeJS.ProcessEnv): Promise<KillableLibrary> {
    const library = new KillableLibrary(undefined);
    library.running = await startProcessEach(settings, (line) => library.hear(line));
    return library;
  }

  get platform(): ProcessPlatform {
    if (this.running === undefined) {
      throw new Error('the platform is not up');
    }
    return this.running;
  }

  /** `kill -9`; resolves when the next process is ready for work. False when there was none to kill. */
  async kill(): Promise<boolean> {
    const pid = this.platform.pidOf('library');
    if (pid === undefined) {
      return false;
    }
    const back = new Promise<void>((resolve) => this.waiting.push({ starts: this.starts + 1, resolve }));
    process.kill(pid, 'SIGKILL');
    await back;
    return true;
  }

  /** Compares database, vector index and object store. */
  async check(): Promise<CheckLibraryResponse> {
    const client = new LibraryAdminServiceClient(`127.0.0.1:${this.port}`, credentials.createInsecure());
    try {
      return await new Promise((resolve, reject) => {
        client.checkLibrary({ repair: false, rewriteIndex: false }, (error, response) =>
          error ? reject(error) : resolve(response),
        );
      });
    } finally {
      client.close();
    }
  }

  private hear(line: string): void {
    if (!(line.includes('"msg":"ready"') && line.includes('library'))) {
      return;
    }
    this.port = JSON.parse(line).grpcPort;
    this.starts += 1;
    for (const { starts, resolve } of this.waiting) {
      if (this.starts >= starts) {
        resolve();
      }
    }
  }
}

/** Kinds of damage, those of which there is any. */
export function damageIn(report: CheckLibraryResponse): string[] {
  const kinds = {
    'faces without vector': report.facesWithoutVector,
    'vectors without face': report.vectorsWithoutFace,
    'blobs without face': report.blobsWithoutFace,
    'lost blobs': report.lostBlobs,
  };
  return Object.entries(kinds).flatMap(([kind, damage]) =>
    (damage?.count ?? 0) > 0 ? [`${damage?.count} ${kind}: ${damage?.examples.slice(0, 3).join(', ')}`] : [],
  );
}
