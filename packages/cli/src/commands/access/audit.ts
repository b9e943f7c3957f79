import type { AuditSelection } from '@mien/sdk';
import type { Command } from 'commander';
import { past } from '../../input/moments';
import { auditTable } from '../../output/audit-table';
import { LineFile } from '../../output/line-file';
import { showList } from '../../output/list';
import { counted } from '../../output/word';
import {
  type ConnectionOptions,
  type ListOptions,
  withClient,
  withConnection,
  withList,
} from '../connection';

interface Filters {
  readonly from?: Date;
  readonly before?: Date;
  readonly key?: string;
  readonly person?: string;
  readonly group?: string;
  readonly method?: string;
}

interface ExportOptions extends ConnectionOptions, Filters {
  readonly output?: string;
}

/** `mien audit ...`: who did what to whom, and when. */
export function addAudit(program: Command): void {
  const audit = program.command('audit').description('who did what to whom, and when; needs an admin key');
  withList(withFilters(audit.command('list').description('records, newest first'))).action(list);
  withConnection(
    withFilters(
      audit
        .command('export')
        .description('all records that fit, oldest first, as lines of JSON')
        .option('--output <file>', 'to write to instead of standard output'),
    ),
  ).action(exportAll);
}

function withFilters(command: Command): Command {
  return command
    .option('--from <when>', 'a date, or how long ago, such as 2h or 3d', past)
    .option('--before <when>', 'likewise', past)
    .option('--key <id>', 'of this key')
    .option('--person <id>', 'about this person')
    .option('--group <id>', 'about this group')
    .option('--method <name>', 'of this method, such as mien.v1.LibraryService/Search');
}

function selectionOf({ from, before, key, person, group, method }: Filters): AuditSelection {
  return {
    ...(from === undefined ? {} : { from }),
    ...(before === undefined ? {} : { before }),
    ...(key === undefined ? {} : { keyId: key }),
    ...(person === undefined ? {} : { personId: person }),
    ...(group === undefined ? {} : { groupId: group }),
    ...(method === undefined ? {} : { method }),
  };
}

async function list(options: ListOptions & Filters): Promise<void> {
  await withClient(options, (client) =>
    showList(client.audit.list(selectionOf(options)), options, auditTable),
  );
}

async function exportAll(options: ExportOptions): Promise<void> {
  const lines = new LineFile(options.output);
  let count = 0;
  await withClient(options, async (client) => {
    for await (const record of client.audit.export(selectionOf(options))) {
      await lines.write(record);
      count++;
    }
  });
  await lines.close();
  console.error(`${counted(count, 'record')} exported`);
}
