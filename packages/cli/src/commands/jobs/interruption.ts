/** As shells say that a program was ended by SIGINT. */
const INTERRUPTED = 130;

/** Says something to whoever interrupts the command while it runs, and ends it. Answers how to stop listening. */
export function onInterrupt(text: () => string): () => void {
  const listener = () => {
    process.stderr.write(`\n${text()}\n`);
    process.exit(INTERRUPTED);
  };
  process.once('SIGINT', listener);
  return () => process.off('SIGINT', listener);
}
