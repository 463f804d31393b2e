import { answerable, sayOfTwo } from '../../answers/likeness.ts';
import { likenessFacts } from '../../facts/likeness.ts';
import { drawModalAnswer, drawModalNote } from '../../messages/other-modal.ts';
import { oldButton } from '../../messages/refusals.ts';
import type { Press } from '../press.ts';

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
export async function showEvidence({ desk, asker, value, triggerId, reply }: Press): Promise<void> {
  const read = readValue(value);
  if (!read) return reply(oldButton(asker.command));
  const opened = await desk.client.views.open({
    trigger_id: triggerId,
    view: drawModalNote(title, ['One moment, looking it up…']),
  });
  const viewId = opened.view?.id;
  if (!viewId) return;
  const found = await answerable(desk, asker, read.id);
  const view = 'answer' in found ? drawModalAnswer(title, found.answer) : drawModalNote(title, await lines());
  await desk.client.views.update({ view_id: viewId, view });

  async function lines(): Promise<string[]> {
    const facts = await likenessFacts(desk, read?.id ?? 0, 0);
    const hidden = (facts?.evidence ?? []).filter((one) => one.hidden && (one.left ?? one.right) !== null);
    if (!facts || hidden.length === 0) return ['There is nothing to show any more.'];
    const [left, right] = facts.sides.map(({ systems }) => systems[0]?.label ?? '');
    return hidden.map(
      (one) => `${one.label}: ${one.left ?? '(empty)'} in ${left}, ${one.right ?? '(empty)'} in ${right}`,
    );
  }
}
