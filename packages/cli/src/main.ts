import { Command } from 'commander';
import { addCompare } from './commands/compare';
import { addDetect } from './commands/detect';
import { describeFailure } from './commands/failure';
import { addGroup } from './commands/library/group';
import { addPerson } from './commands/library/person';
import { addLiveness } from './commands/liveness';
import { addUp } from './commands/up';

const program = new Command('mien').description('face recognition on your own machines').showHelpAfterError();
addUp(program);
addDetect(program);
addCompare(program);
addLiveness(program);
addGroup(program);
addPerson(program);

program.parseAsync().catch((error: unknown) => {
  console.error(describeFailure(error));
  process.exitCode = 1;
});
