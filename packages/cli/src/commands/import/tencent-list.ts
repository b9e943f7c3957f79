import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Gender } from '@mien/sdk';
import { CommandError } from '../failure';
import { csvRecords } from './csv';

export interface ListedGroup {
  readonly id: string;
  readonly name: string;
  readonly tag: string;
  readonly fieldNames: readonly string[];
}

export interface ListedMembership {
  readonly groupId: string;
  readonly fieldValues: readonly string[];
}

export interface ListedPerson {
  readonly id: string;
  /** The id where none is given. */
  readonly name: string;
  readonly gender: Gender;
  /** One at least, each group once. */
  readonly memberships: ListedMembership[];
  /** Paths, in the order of the list. */
  readonly photos: string[];
}

/** Groups and persons as a list names them, and what of it can't be read. */
export interface TencentList {
  readonly groups: readonly ListedGroup[];
  readonly persons: readonly ListedPerson[];
  readonly complaints: readonly string[];
}

const LISTS = ['GroupExDescriptions', 'PersonExDescriptions', 'Photos'] as const;
const TEXTS = ['GroupId', 'GroupName', 'Tag', 'PersonId', 'PersonName', 'Gender'] as const;
type Row = { [Name in (typeof TEXTS)[number]]: string } & { [Name in (typeof LISTS)[number]]: string[] };
/** Between the entries of a list in a CSV field. */
const SEPARATOR = ';';
/** By Tencent's numbers. */
const GENDERS: Readonly<Record<string, Gender>> = {
  '': Gender.GENDER_UNSPECIFIED,
  '0': Gender.GENDER_UNSPECIFIED,
  '1': Gender.GENDER_MALE,
  '2': Gender.GENDER_FEMALE,
};

/**
 * Reads a list: CSV when its name ends so, JSON Lines otherwise. A line with a PersonId is a person in a group, one
 * without is a group. Photos are paths from `folder`. Throws CommandError for a file that is no such list at all.
 */
export async function readTencentList(path: string, folder: string): Promise<TencentList> {
  const text = await readFile(path, 'utf8');
  const rows = path.toLowerCase().endsWith('.csv') ? csvRows(text) : jsonRows(text);
  const list = new ListBuilder(folder);
  for (const { line, row } of rows) {
    if (typeof row === 'string') {
      list.complain(line, row);
    } else {
      list.add(line, row);
    }
  }
  return list.build();
}

type Read = { readonly line: number; readonly row: Row | string };

function* csvRows(text: string): Generator<Read, void, void> {
  let header: readonly string[] | undefined;
  for (const { line, fields } of csvRecords(text.replace(/^\uFEFF/, ''))) {
    if (header === undefined) {
      header = fields.map((name) => name.trim());
      checkHeader(header);
      continue;
    }
    const names = header;
    const values = Object.fromEntries(fields.map((value, index) => [names[index] ?? '', value]));
    yield {
      line,
      row: fields.length > names.length ? 'has more fields than the header' : rowOf(values, listIn),
    };
  }
}

function checkHeader(header: readonly string[]): void {
  const known: readonly string[] = [...TEXTS, ...LISTS];
  const unknown = header.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new CommandError(`the header has a column "${unknown}"; there are ${known.join(', ')}`);
  }
  if (!header.includes('GroupId')) {
    throw new CommandError('the header has no column GroupId');
  }
}

function listIn(value: unknown): string[] {
  const text = String(value ?? '').trim();
  return text === '' ? [] : text.split(SEPARATOR).map((part) => part.trim());
}

function* jsonRows(text: string): Generator<Read, void, void> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() !== '') {
      yield { line: index + 1, row: jsonRow(line) };
    }
  }
}

function jsonRow(line: string): Row | string {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? rowOf({ ...value }, entriesIn) : 'is no object';
  } catch {
    return 'is not JSON';
  }
}

function entriesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : listIn(value);
}

function rowOf(values: Readonly<Record<string, unknown>>, list: (value: unknown) => string[]): Row {
  const text = (name: (typeof TEXTS)[number]) => String(values[name] ?? '').trim();
  return {
    GroupId: text('GroupId'),
    GroupName: text('GroupName'),
    Tag: text('Tag'),
    PersonId: text('PersonId'),
    PersonName: text('PersonName'),
    Gender: text('Gender'),
    GroupExDescriptions: list(values['GroupExDescriptions']),
    PersonExDescriptions: list(values['PersonExDescriptions']),
    Photos: list(values['Photos']),
  };
}

/** Puts the lines of a list together. */
class ListBuilder {
  private readonly groups = new Map<string, ListedGroup>();
  private readonly persons = new Map<string, ListedPerson>();
  private readonly complaints: string[] = [];

  constructor(private readonly folder: string) {}

  complain(line: number, complaint: string): void {
    this.complaints.push(`line ${line} ${complaint}`);
  }

  add(line: number, row: Row): void {
    if (row.GroupId === '') {
      this.complain(line, 'names no group');
      return;
    }
    this.addGroup(row);
    if (row.PersonId !== '') {
      this.addPerson(line, row);
    }
  }

  build(): TencentList {
    return {
      groups: [...this.groups.values()],
      persons: [...this.persons.values()],
      complaints: this.complaints,
    };
  }

  /** The first line that tells a group's name tells the rest of it, too. */
  private addGroup({ GroupId: id, GroupName: name, Tag: tag, GroupExDescriptions: fieldNames }: Row): void {
    const known = this.groups.get(id);
    if (known === undefined || (known.name === id && name !== '')) {
      this.groups.set(id, { id, name: name === '' ? id : name, tag, fieldNames });
    }
  }

  private addPerson(line: number, row: Row): void {
    const gender = GENDERS[row.Gender];
    if (gender === undefined) {
      this.complain(line, `has gender ${row.Gender}: 0 is not given, 1 male, 2 female`);
      return;
    }
    const person = this.persons.get(row.PersonId) ?? {
      id: row.PersonId,
      name: row.PersonName === '' ? row.PersonId : row.PersonName,
      gender,
      memberships: [],
      photos: [],
    };
    this.persons.set(person.id, person);
    if (!person.memberships.some(({ groupId }) => groupId === row.GroupId)) {
      person.memberships.push({ groupId: row.GroupId, fieldValues: row.PersonExDescriptions });
    }
    for (const photo of row.Photos) {
      this.addPhoto(line, person, photo);
    }
  }

  private addPhoto(line: number, person: ListedPerson, photo: string): void {
    const path = join(this.folder, photo);
    if (relative(resolve(this.folder), resolve(path)).startsWith('..')) {
      this.complain(line, `has a photo outside the folder: ${photo}`);
    } else if (!person.photos.includes(path)) {
      person.photos.push(path);
    }
  }
}
