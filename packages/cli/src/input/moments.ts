import { InvalidArgumentError } from 'commander';

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A moment on the command line that has been: a date and time, or how long ago, such as 90m, 2h, 3d. */
export function past(text: string): Date {
  return moment(text, -1);
}

/** A moment on the command line that is to come: a date and time, or in how long, such as 12h, 30d. */
export function future(text: string): Date {
  return moment(text, 1);
}

function moment(text: string, direction: 1 | -1): Date {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined) {
    return new Date(Date.now() + direction * Number(count) * (UNIT_MS[unit] ?? 0));
  }
  const date = new Date(text);
  if (!/^\d{4}-/.test(text) || Number.isNaN(date.getTime())) {
    throw new InvalidArgumentError(
      'a date such as 2026-03-01T12:00:00Z, or a time such as 90m, 2h, 3d is needed.',
    );
  }
  return date;
}
