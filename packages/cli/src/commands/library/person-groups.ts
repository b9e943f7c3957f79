import type { Command } from 'commander';
import { type IndexedText, indexedText } from '../../input/arguments';
import { type AnswerOptions, withAnswer, withClient } from '../connection';
import { CommandError } from '../failure';

export function addPersonGroups(person: Command): void {
  withAnswer(
    person
      .command('join')
      .description('add a person to further groups')
      .argument('<person>')
      .argument('<groups...>'),
  ).action(join);
  withAnswer(
    person
      .command('leave')
      .description('take a person out of a group; out of the last one, the person is deleted')
      .argument('<person>')
      .argument('<group>'),
  ).action(leave);
  withAnswer(
    person
      .command('set-fields')
      .description("set values of a group's own fields for a member")
      .argument('<person>')
      .argument('<group>')
      .argument('<values...>', 'place=value, such as 0=17', indexedText),
  ).action(setFields);
}

async function join(personId: string, groupIds: readonly string[], options: AnswerOptions): Promise<void> {
  const answer = await withClient(options, ({ library }) => library.addPersonToGroups(personId, groupIds));
  const { joinedGroupIds, refused } = answer;
  if (options.json) {
    console.log(JSON.stringify(answer));
  } else {
    console.log(`${personId} joined ${joinedGroupIds.length === 0 ? 'no group' : joinedGroupIds.join(', ')}`);
  }
  if (refused.length > 0) {
    const reasons = refused.map(
      ({ groupId, refusal }) => `${groupId}: ${refusal?.reason}: ${refusal?.message}`,
    );
    throw new CommandError(reasons.join('\n'));
  }
}

async function leave(personId: string, groupId: string, options: AnswerOptions): Promise<void> {
  const personDeleted = await withClient(options, ({ library }) =>
    library.removePersonFromGroup(personId, groupId),
  );
  const consequence = personDeleted ? '; it was the last group: the person is deleted' : '';
  console.log(
    options.json
      ? JSON.stringify({ personId, groupId, personDeleted })
      : `${personId} left ${groupId}${consequence}`,
  );
}

async function setFields(
  personId: string,
  groupId: string,
  values: readonly IndexedText[],
  options: AnswerOptions,
): Promise<void> {
  const fieldValues = values.map(({ index, text }) => ({ index, value: text }));
  const membership = await withClient(options, ({ library }) =>
    library.updateMembership(personId, groupId, fieldValues),
  );
  console.log(
    options.json
      ? JSON.stringify({ personId, ...membership })
      : `${personId} in ${groupId}: ${membership.fieldValues.join(', ')}`,
  );
}
