import assert from 'node:assert/strict';
import type { World } from './world';

/** What a case shows of an action. */
export const KINDS = ['happy path', 'defaults', 'limits', 'errors'] as const;
export type Kind = (typeof KINDS)[number];

/** Something that an action does, asked through an official client. */
export interface Case {
  readonly action: string;
  readonly kind: Kind;
  readonly title: string;
  run(world: World): Promise<void>;
}

export function happy(action: string, title: string, run: Case['run']): Case {
  return { action, kind: 'happy path', title, run };
}

export function defaults(action: string, title: string, run: Case['run']): Case {
  return { action, kind: 'defaults', title, run };
}

export function limits(action: string, title: string, run: Case['run']): Case {
  return { action, kind: 'limits', title, run };
}

/** That a request is refused with a code. */
export function refuses(
  action: string,
  code: string,
  title: string,
  ask: (world: World) => Promise<unknown>,
  kind: Kind = 'errors',
): Case {
  return {
    action,
    kind,
    title: `${code}: ${title}`,
    run: async (world) => {
      assert.equal(await codeOf(ask(world)), code);
    },
  };
}

/** The code that a call is refused with. */
export async function codeOf(asked: Promise<unknown>): Promise<string> {
  try {
    await asked;
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      return error.code;
    }
    throw error;
  }
  return 'no error';
}

/** What an answer always has here. */
export function present<T>(value: T | null | undefined, name = 'a field of the answer'): T {
  assert.ok(value !== undefined && value !== null, `${name} is missing`);
  return value;
}
