import { closeSync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The part of emscripten's NODEFS that takes part in syncing. */
interface SyncingFileSystem {
  realPath(node: unknown): string;
  /** Streams of files have a descriptor, those of folders none. */
  stream_ops: { fsync?: (stream: { nfd?: number; node: unknown }) => number };
}

/**
 * PGlite's folder on disk, with an fsync that reaches the disk. As PGlite comes, PostgreSQL's fsync is off and
 * emscripten's does nothing, so that a power cut could take back what was committed.
 */
export class DurableFileSystem extends NodeFS {
  constructor(
    folder: string,
    private readonly syncFile: (descriptor: number) => void = fdatasyncSync,
  ) {
    super(folder);
  }

  override async init(
    ...[database, options]: Parameters<NodeFS['init']>
  ): Promise<Awaited<ReturnType<NodeFS['init']>>> {
    const { emscriptenOpts } = await super.init(database, options);
    const preRun: NonNullable<typeof emscriptenOpts.preRun> = [
      ...(emscriptenOpts.preRun ?? []),
      (module) => {
        this.syncToDisk(module.NODEFS as unknown as SyncingFileSystem);
      },
    ];
    return { emscriptenOpts: { ...emscriptenOpts, preRun } };
  }

  private syncToDisk(fileSystem: SyncingFileSystem): void {
    fileSystem.stream_ops.fsync = ({ nfd, node }) => {
      if (nfd === undefined) {
        syncFolder(fileSystem.realPath(node));
      } else {
        this.syncFile(nfd);
      }
      return 0;
    };
  }
}

/** Makes it last that files were made or renamed in the folder. */
function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * PGlite's own parameters without -F, which turns fsync off. Of PostgreSQL's ways to sync, `fsync` is the one that
 * emscripten passes on to its file system; fdatasync it answers by itself.
 */
export const DURABLE_PARAMETERS: string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'fsync=on',
  '-c',
  'wal_sync_method=fsync',
];
