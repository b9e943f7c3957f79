import type { Job } from '@mien/proto';
import type { Stage, StageContext, StageFactory } from '@mien/service';
import { z } from 'zod';
import type { Library } from './library';
import { runTask } from './tasks/tasks';

/** The last stage of jobs that enrol, verify or search: does the job's task with the faces that the line found. */
class LibraryStage implements Stage {
  constructor(private readonly library: Library) {}

  async process(job: Job, context: StageContext): Promise<Job> {
    return { ...job, library: await runTask(job, this.library, context) };
  }

  /** The library is its opener's to close: it serves calls, too. */
  async close(): Promise<void> {}
}

const configSchema = z.object({});

/** The stage over a library that is open. */
export function libraryStage(library: Library): StageFactory<z.infer<typeof configSchema>> {
  return { name: 'library', configSchema, create: async () => new LibraryStage(library) };
}
