import { decodeTime, isValid, ulid } from 'ulid';

const DAY_MS = 24 * 3_600_000;

/** A new id; ids sort by the time that they were made. */
export function newJobId(): string {
  return ulid();
}

export function isJobId(id: string): boolean {
  return isValid(id);
}

/** Key of a job's record. The day stands before the id so that lists need not look at all days. */
export function recordKey(id: string): string {
  return `job.${dayOf(decodeTime(id))}.${id}`;
}

export function progressKey(id: string): string {
  return `progress.${dayOf(decodeTime(id))}.${id}`;
}

/** Both keys of a job, as a pattern: servers before 2.10 take no list of keys. */
export function keysOf(id: string): string {
  return `*.${dayOf(decodeTime(id))}.${id}`;
}

/** Keys of the records of a day. */
export function recordKeysOfDay(day: string): string {
  return `job.${day}.*`;
}

export function idOfKey(key: string): string {
  return key.slice(key.lastIndexOf('.') + 1);
}

/** The days (UTC) that a span of time touches, the newest first. */
export function daysBackwards(from: number, to: number): string[] {
  const days: string[] = [];
  for (let at = Math.floor(to / DAY_MS) * DAY_MS; at + DAY_MS > from; at -= DAY_MS) {
    days.push(dayOf(at));
  }
  return days;
}

export function timeOf(id: string): number {
  return decodeTime(id);
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}
