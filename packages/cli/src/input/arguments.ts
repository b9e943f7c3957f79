import { InvalidArgumentError } from 'commander';

/** A whole number on the command line, 0 or more. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new InvalidArgumentError('a whole number is needed.');
  }
  return Number(text);
}

/** A score on the command line, 0..100. */
export function score(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 100)) {
    throw new InvalidArgumentError('a number from 0 to 100 is needed.');
  }
  return value;
}

/** `INDEX=TEXT`, of a group's own fields, gathered over all times that the option or argument comes. */
export function indexedText(text: string, before: readonly IndexedText[] = []): readonly IndexedText[] {
  const [, index, value] = /^(\d+)=(.*)$/s.exec(text) ?? [];
  if (index === undefined || value === undefined) {
    throw new InvalidArgumentError('a place and a text are needed, such as 0=badge.');
  }
  return [...before, { index: Number(index), text: value }];
}

export interface IndexedText {
  readonly index: number;
  readonly text: string;
}

/** An option that may come several times. */
export function gathered(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** `a,b,c`. */
export function commaSeparated(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** A number on the command line, 0 or more. */
export function notNegative(text: string): number {
  return finiteNumber(text, (value) => value >= 0, 'a number of 0 or more is needed.');
}

/** A number on the command line that is more than 0. */
export function positiveNumber(text: string): number {
  return finiteNumber(text, (value) => value > 0, 'a number above 0 is needed.');
}

function finiteNumber(text: string, fits: (value: number) => boolean, needed: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || !fits(value)) {
    throw new InvalidArgumentError(needed);
  }
  return value;
}
