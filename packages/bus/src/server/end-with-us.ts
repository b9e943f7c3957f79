import { type ChildProcess, spawn } from 'node:child_process';

/** Reads until its input ends, then asks the process to go, and forces it after some seconds. */
const WATCH = `
while read -r _; do :; done
kill -TERM "$1"
for second in 1 2 3 4 5; do
  sleep 1
  kill -0 "$1" 2> /dev/null || exit 0
done
kill -KILL "$1"
`;

/**
 * Ends a child when this process is gone, killed without a chance to do it itself: a shell holds the other end of a
 * pipe that only this process holds open. (The kernel's own way, PR_SET_PDEATHSIG, is out of Node's reach.)
 */
export function endWithUs(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) {
    return; // it did not start
  }
  // In a session of its own: what kills our whole group must not kill the shell as well.
  const watch = spawn('sh', ['-c', WATCH, 'watch', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watch.once('error', () => undefined);
  watch.unref();
  // A child that has ended is not watched any more: its number may be another's soon.
  child.once('exit', () => watch.kill('SIGKILL'));
}
