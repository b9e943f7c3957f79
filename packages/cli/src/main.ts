import { Command } from 'commander';
import { addAudit } from './commands/access/audit';
import { addKeys } from './commands/access/keys';
import { addCapacity } from './commands/capacity';
import { addCluster } from './commands/cluster';
import { addCompare } from './commands/compare';
import { addDeadLetters } from './commands/dead-letters';
import { addDetect } from './commands/detect';
import { describeFailure } from './commands/failure';
import { addImport } from './commands/import/import';
import { addJobs } from './commands/jobs/jobs';
import { addLibraryCheck } from './commands/library/check';
import { addDuplicates } from './commands/library/duplicates';
import { addEnrol } from './commands/library/enrol';
import { addGroup } from './commands/library/group';
import { addPerson } from './commands/library/person';
import { addSearch } from './commands/library/search';
import { addUpgrade } from './commands/library/upgrade';
import { addVerify } from './commands/library/verify';
import { addLiveness } from './commands/liveness';
import { addNats } from './commands/nats';
import { addEndpoints } from './commands/notifications/endpoints';
import { addRules } from './commands/notifications/rules';
import { addUp } from './commands/up';

const program = new Command('mien')
  .description('face recognition on your own machines')
  .showHelpAfterError('With --help the command tells how it is used.');
program.commandsGroup('Photos:');
addDetect(program);
addCompare(program);
addLiveness(program);
addCluster(program);
program.commandsGroup('Persons:');
addGroup(program);
addPerson(program);
addEnrol(program);
addImport(program);
addVerify(program);
addSearch(program);
addDuplicates(program);
addUpgrade(program);
program.commandsGroup('Jobs:');
addJobs(program);
addEndpoints(program);
addRules(program);
program.commandsGroup('The platform:');
addUp(program);
addKeys(program);
addAudit(program);
addDeadLetters(program);
addLibraryCheck(program);
addNats(program);
addCapacity(program);

program.parseAsync().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
