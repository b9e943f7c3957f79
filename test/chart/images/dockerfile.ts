import { readFileSync } from 'node:fs';

export interface Instruction {
  readonly name: string;
  readonly text: string;
}

export interface Stage {
  readonly name: string;
  /** An image, or another stage. */
  readonly base: string;
  /** The processor that its instructions run on, as FROM has it; undefined for the one that the image is for. */
  readonly platform: string | undefined;
  readonly instructions: readonly Instruction[];
}

/** The stages of a Dockerfile, with arguments before the first FROM put in. Throws for a line that is no instruction. */
export function readDockerfile(file: string, args: Readonly<Record<string, string>> = {}): Stage[] {
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  const known: Record<string, string> = {};
  for (const { name, text } of instructionsIn(readFileSync(file, 'utf8'))) {
    if (name === 'FROM') {
      const [, platform, base = '', stage = ''] =
        /^(?:--platform=(\S+) )?(\S+)(?: AS (\S+))?$/.exec(text) ?? [];
      stages.push({ name: putIn(stage, known), base: putIn(base, known), platform, instructions: [] });
    } else if (stages.length === 0) {
      const [argument = '', value = ''] = text.split('=');
      known[argument] = args[argument] ?? value;
    } else {
      stages.at(-1)?.instructions.push({ name, text });
    }
  }
  return stages;
}

/** The stage and those that it is made on, itself first. */
export function lineage(stages: readonly Stage[], name: string): Stage[] {
  const stage = stages.find((one) => one.name === name);
  return stage === undefined ? [] : [stage, ...lineage(stages, stage.base)];
}

function instructionsIn(text: string): Instruction[] {
  const joined = text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '');
  return joined
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, name, rest] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
      if (name === undefined || rest === undefined) {
        throw new Error(`not an instruction: ${line}`);
      }
      return { name, text: rest };
    });
}

function putIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}
