import type { LineOf, Problem } from './problem.ts';
import type { Written, WrittenField, WrittenFlow } from './schema.ts';
import { says } from './where.ts';

/** Two different people, and whoever made the change is neither of them. */
const needed = 3;

/** What is wrong with fields that need two people: rules by which nobody decides, limits that decide alone, too few who may. */
export function checkTwoPeople({ flows }: Written, lineOf: LineOf): Problem[] {
  return Object.entries(flows).flatMap(([id, flow]) =>
    Object.entries(flow.fields).flatMap(([field, terms]) =>
      terms.two_people ? checkField(['flows', id, 'fields', field], terms, flow, lineOf) : [],
    ),
  );
}

function checkField(
  path: readonly string[],
  { rule, if_nobody_chooses }: WrittenField,
  { owners, deciders }: WrittenFlow,
  lineOf: LineOf,
): Problem[] {
  const problems: Problem[] = [];
  const refuse = (setting: string, predicate: string, remedy: string) =>
    problems.push({ line: lineOf([...path, setting]), message: says([...path, setting], predicate), remedy });
  if (rule !== 'review' && rule !== 'approve') {
    refuse(
      'two_people',
      `does nothing with the rule ${rule}: nobody is asked.`,
      'Use the rule approve or review, or take two_people out.',
    );
  }
  if (if_nobody_chooses === 'owner_wins') {
    refuse(
      'if_nobody_chooses',
      'would let the clock choose what two people have to.',
      'Write keep (nothing is written) or hold (it goes on waiting).',
    );
  }
  const eligible = new Set([owners.business, ...deciders]).size;
  if (eligible < needed) {
    const can = eligible === 1 ? 'only one person' : 'only two people';
    refuse(
      'two_people',
      `needs three people who may decide, since whoever made a change does not approve it; here ${can} may.`,
      'Add people to the deciders of this flow: with its business owner three or more.',
    );
  }
  return problems;
}
