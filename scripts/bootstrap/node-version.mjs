import { StepError } from './step.mjs';

const MINIMUM = [20, 19];

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM[0] || (major === MINIMUM[0] && minor < MINIMUM[1])) {
    throw new StepError(
      `Mien needs Node.js ${MINIMUM.join('.')} or newer; this is ${process.versions.node}.`,
      'Install a newer Node.js, for example from https://nodejs.org, and run the command again.',
    );
  }
}
