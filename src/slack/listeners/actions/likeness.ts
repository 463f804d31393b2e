import { answerable, sayOfTwo } from '../../answers/likeness.ts';
import { likenessFacts } from '../../facts/likeness.ts';
import { drawModalAnswer, drawModalNote } from '../../messages/decision/other-modal.ts';
import { oldButton } from '../../messages/refusals.ts';
import type { Press } from '../press.ts';
import { showForm } from '../show-form.ts';

/** `<question>/<what>/r<revision>`; null for anything else. */
function readValue(value: string): { id: number; what: string; revision: number } | null {
  const found = /^(\d+)\/([a-z]+)\/r(\d+)$/.exec(value);
  return found ? { id: Number(found[1]), what: found[2] ?? '', revision: Number(found[3]) } : null;
}

/** "Same", "Different" and "Undo". */
export async function sayWhich({ desk, asker, value, reply }: Press): Promise<void> {
  const read = readValue(value);
  if (!read || (read.what !== 'same' && read.what !== 'different' && read.what !== 'undo'))
    return reply(oldButton(asker.command));
  const { id, what, revision } = read;
  const answer = await sayOfTwo(desk, asker, { id, what, revision });
  if (answer) await reply(answer);
}

const title = 'Hidden values';

/** "Show": the values that the channel does not see, in a modal for who may answer. */
export async function showEvidence(press: Press): Promise<void> {
  const { desk, asker, value, reply } = press;
  const read = readValue(value);
  if (!read) return reply(oldButton(asker.command));
  await showForm(press, title, async () => {
    const found = await answerable(desk, asker, read.id);
    if ('answer' in found) return drawModalAnswer(title, found.answer);
    return drawModalNote(title, hiddenLines(await likenessFacts(desk, read.id, 0)));
  });
}

function hiddenLines(facts: Awaited<ReturnType<typeof likenessFacts>>): string[] {
  const hidden = (facts?.evidence ?? []).filter((one) => one.hidden && (one.left ?? one.right) !== null);
  if (!facts || hidden.length === 0) return ['There is nothing to show any more.'];
  const [left, right] = facts.sides.map(({ systems }) => systems[0]?.label ?? '');
  return hidden.map(
    (one) => `${one.label}: ${one.left ?? '(empty)'} in ${left}, ${one.right ?? '(empty)'} in ${right}`,
  );
}
