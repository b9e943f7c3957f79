import { Command } from 'commander';
import { addCluster } from './commands/cluster';
import { addCompare } from './commands/compare';
import { addDetect } from './commands/detect';
import { describeFailure } from './commands/failure';
import { addLibraryCheck } from './commands/library/check';
import { addDuplicates } from './commands/library/duplicates';
import { addEnrol } from './commands/library/enrol';
import { addGroup } from './commands/library/group';
import { addPerson } from './commands/library/person';
import { addSearch } from './commands/library/search';
import { addUpgrade } from './commands/library/upgrade';
import { addVerify } from './commands/library/verify';
import { addLiveness } from './commands/liveness';
import { addUp } from './commands/up';

const program = new Command('mien').description('face recognition on your own machines').showHelpAfterError();
addUp(program);
addDetect(program);
addCompare(program);
addLiveness(program);
addCluster(program);
addGroup(program);
addPerson(program);
addEnrol(program);
addVerify(program);
addSearch(program);
addDuplicates(program);
addUpgrade(program);
addLibraryCheck(program);

program.parseAsync().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
