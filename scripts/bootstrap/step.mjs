import { spawn } from 'node:child_process';

/** A failure with what the reader can do about it. */
export class StepError extends Error {
  constructor(message, advice) {
    super(message);
    this.advice = advice;
  }
}

export function reportFailure(error) {
  console.error(`\n✗ ${error.message}`);
  if (error instanceof StepError) {
    console.error(`  ${error.advice}`);
  }
}

/** Shows a step's name while it runs and its time when it is done. The step may return a word to show. */
export async function step(name, run) {
  const started = performance.now();
  process.stderr.write(`• ${name} … `);
  const note = await run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`${note ?? 'done'} (${seconds} s)\n`);
}

/** Runs a program and returns its output; throws a StepError with the end of it when it fails or takes too long. */
export function capture(command, args, { cwd, env, advice = '', timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    let output = '';
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) =>
      reject(new StepError(`${command} can't be started: ${error.message}`, advice)),
    );
    child.on('close', (code) => {
      if (code === 0) {
        resolve(output.trim());
      } else {
        const end = output.trim().split('\n').slice(-25).join('\n');
        reject(new StepError(`${command} ${args.join(' ')} failed (exit code ${code}):\n${end}`, advice));
      }
    });
  });
}

/** Runs a program on this terminal and returns its exit code. */
export function attach(command, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 130)));
  });
}
