import type { Command } from 'commander';
import { chosenUniqueness, qualityOption, uniquenessOption } from '../../input/choices';
import { type PersonEntry, personsIn } from '../../input/person-folder';
import { forEachInTurn } from '../batch';
import { type AnswerOptions, withAnswer, withClient } from '../connection';
import { CommandError, describeFailure } from '../failure';
import { type Enrolment, enrolPerson } from './enrol-person';

interface EnrolOptions extends AnswerOptions {
  readonly group: string;
  readonly uniqueness: string;
  readonly qualityControl: string;
}

export function addEnrol(program: Command): void {
  const command = program
    .command('enrol')
    .description('enrol a folder of people: a photo for each, or a folder of photos for each')
    .argument('<folder>')
    .requiredOption('--group <id>', 'that everybody joins')
    .addOption(uniquenessOption())
    .addOption(qualityOption())
    .addHelpText(
      'after',
      `
The name of a photo without its ending, or of a folder, is the person's id. Of a folder's photos the first that shows a
face makes the person; the others have to resemble it. Run again, it does what is left: whoever is enrolled is skipped.`,
    );
  withAnswer(command).action(enrol);
}

async function enrol(folder: string, options: EnrolOptions): Promise<void> {
  const persons = await personsIn(folder);
  const settings = {
    groupId: options.group,
    uniquenessControl: chosenUniqueness(options.uniqueness),
    qualityControl: Number(options.qualityControl),
  };
  const tally = new Tally();
  await withClient(options, async ({ library }) => {
    await library.getGroup(options.group);
    await forEachInTurn(persons, 'persons', {
      ask: (entry) => enrolPerson(entry, settings, library),
      show: (entry, enrolment) => tally.add(entry, enrolment, options),
      failed: (entry, error) =>
        tally.add(
          entry,
          { outcome: 'failed', faces: 0, refused: [{ photo: entry.path, message: describeFailure(error) }] },
          options,
        ),
    });
  });
  tally.conclude(options);
}

/** Counts what became of everybody, and keeps the complaints for the end. */
class Tally {
  private readonly persons = { enrolled: 0, present: 0, failed: 0 };
  private faces = 0;
  private readonly complaints: string[] = [];

  add({ id }: PersonEntry, enrolment: Enrolment, { json }: EnrolOptions): void {
    this.persons[enrolment.outcome]++;
    this.faces += enrolment.faces;
    this.complaints.push(...enrolment.refused.map(({ photo, message }) => `${photo}: ${message}`));
    if (json) {
      console.log(JSON.stringify({ id, ...enrolment }));
    }
  }

  /** Throws when anything was left out. */
  conclude({ json, group }: EnrolOptions): void {
    const { enrolled, present, failed } = this.persons;
    if (!json) {
      console.log(
        `${group}: ${enrolled} persons enrolled with ${this.faces} faces, ${present} were there already, ${failed} failed`,
      );
    }
    if (this.complaints.length > 0) {
      throw new CommandError(`not enrolled:\n${this.complaints.map((line) => `  ${line}`).join('\n')}`);
    }
  }
}
