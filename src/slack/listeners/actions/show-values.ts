import { decidable } from '../../answers/decide.ts';
import { decisionFacts } from '../../facts/decision.ts';
import type { FieldFacts } from '../../messages/decision/facts.ts';
import { drawModalAnswer, drawModalNote } from '../../messages/decision/other-modal.ts';
import { oldButton } from '../../messages/refusals.ts';
import { listed } from '../../messages/text.ts';
import { type Press, readDecisionValue } from '../press.ts';
import { showForm } from '../show-form.ts';

const title = 'Hidden values';

/** "Show": the values that the channel does not see, in a modal for who may decide. */
export async function showValues(press: Press): Promise<void> {
  const { desk, asker, value, reply } = press;
  const read = readDecisionValue(value);
  if (!read) return reply(oldButton(asker.command));
  await showForm(press, title, async () => {
    const found = await decidable(desk, asker, read.changeId);
    if ('answer' in found) return drawModalAnswer(title, found.answer);
    const facts = await decisionFacts(desk, read.changeId, 0);
    return drawModalNote(title, valueLines(facts?.fields.find((one) => one.name === read.field)));
  });
}

function valueLines(field: FieldFacts | undefined): string[] {
  if (!field) return ['There is nothing to show any more.'];
  const lines = field.groups.map((group) => {
    const systems = listed(group.systems.map((system) => system.label));
    return `${systems}: ${group.shown ?? '(empty)'}${group.asAgreed ? ' (as agreed before)' : ''}`;
  });
  const first = field.twoPeople?.first;
  const approved = first
    ? [`First approval: ${first.shown ?? '(empty)'}${first.from ? ` (${first.from})` : ''}`]
    : [];
  return [field.label, ...lines, ...approved];
}
