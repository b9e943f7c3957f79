import { dirname } from 'node:path';
import type { Command } from 'commander';
import { chosenUniqueness, qualityOption, uniquenessOption } from '../../input/choices';
import { forEachInTurn } from '../batch';
import { type AnswerOptions, withAnswer, withClient } from '../connection';
import { CommandError, describeFailure } from '../failure';
import type { Enrolment } from '../library/enrol-person';
import { importGroup, importPerson } from './import-person';
import { readTencentList, type TencentList } from './tencent-list';

interface ImportOptions extends AnswerOptions {
  readonly photos?: string;
  readonly uniqueness: string;
  readonly qualityControl: string;
}

export function addImport(program: Command): void {
  const command = program
    .command('import')
    .description('enrol the people of another service')
    .command('tencent')
    .description('enrol the groups and persons of a list, with photos from a folder')
    .argument('<list>', 'CSV with a header, or JSON Lines')
    .option('--photos <folder>', "where the list's photos are; the list's own folder unless given")
    .addOption(uniquenessOption())
    .addOption(qualityOption())
    .addHelpText(
      'after',
      `
Columns, or names in JSON: GroupId, GroupName, Tag, GroupExDescriptions, PersonId, PersonName, Gender (0, 1 male,
2 female), PersonExDescriptions, Photos. In CSV the entries of a list are separated by semicolons. A line without PersonId
is a group; a person in several groups has a line for each. Run again, it does what is left.`,
    );
  withAnswer(command).action(importTencent);
}

async function importTencent(path: string, options: ImportOptions): Promise<void> {
  const list = await readTencentList(path, options.photos ?? dirname(path));
  const settings = {
    uniquenessControl: chosenUniqueness(options.uniqueness),
    qualityControl: Number(options.qualityControl),
  };
  const report = new Report(list, options);
  await withClient(options, async ({ library }) => {
    for (const group of list.groups) {
      await importGroup(group, library).then(
        (outcome) => report.group(group.id, outcome),
        (error: unknown) => report.refuse(`group ${group.id}`, describeFailure(error)),
      );
    }
    await forEachInTurn(list.persons, 'persons', {
      ask: (person) => importPerson(person, settings, library),
      show: ({ id }, enrolment) => report.person(id, enrolment),
      failed: ({ id }, error) => report.failed(id, describeFailure(error)),
    });
  });
  report.conclude();
}

/** Counts what became of everything, and keeps the refusals for the end. */
class Report {
  private readonly groups = { made: 0, present: 0 };
  private readonly persons = { enrolled: 0, present: 0, failed: 0 };
  private faces = 0;
  private readonly refusals: string[];

  constructor(
    { complaints }: TencentList,
    private readonly options: ImportOptions,
  ) {
    this.refusals = [...complaints];
  }

  group(id: string, outcome: 'made' | 'present'): void {
    this.groups[outcome]++;
    this.line({ group: id, outcome });
  }

  person(id: string, enrolment: Enrolment): void {
    this.persons[enrolment.outcome]++;
    this.faces += enrolment.faces;
    for (const { photo, message } of enrolment.refused) {
      this.refuse(`person ${id}, ${photo}`, message);
    }
    this.line({ person: id, ...enrolment });
  }

  failed(id: string, message: string): void {
    this.persons.failed++;
    this.refuse(`person ${id}`, message);
    this.line({ person: id, outcome: 'failed', message });
  }

  refuse(what: string, message: string): void {
    this.refusals.push(`${what}: ${message}`);
  }

  /** Throws when anything was left out. */
  conclude(): void {
    const { enrolled, present, failed } = this.persons;
    if (!this.options.json) {
      console.log(`groups: ${this.groups.made} made, ${this.groups.present} were there already`);
      console.log(
        `persons: ${enrolled} enrolled with ${this.faces} faces, ${present} were there already, ${failed} failed`,
      );
    }
    if (this.refusals.length > 0) {
      throw new CommandError(`not imported:\n${this.refusals.map((line) => `  ${line}`).join('\n')}`);
    }
  }

  private line(value: object): void {
    if (this.options.json) {
      console.log(JSON.stringify(value));
    }
  }
}
