import type { Flow } from '../../agreement/agreement.ts';
import type { Change } from '../../ledger/changes.ts';
import { previewReprocess, type ReprocessPreview, reopen } from '../../ledger/reprocess.ts';
import { flowOf } from '../deps.ts';
import { type Desk, type Reply, refusalFor, wakeFor } from '../desk.ts';
import { fieldNamed } from '../facts/fields.ts';
import { waitWords } from '../facts/holds.ts';
import type { Drawn } from '../messages/blocks.ts';
import { answer, notSeen } from '../messages/refusals.ts';
import { drawReprocessAsk, drawReprocessReport } from '../messages/reprocess.ts';
import { escaped } from '../messages/text.ts';
import { decidersOf, mayOperate, maySee, membership } from '../people.ts';
import { changeOrRunEnded } from '../watch.ts';
import type { Asker } from './asker.ts';

/** Shows what running a change again will do, and asks. */
export async function reprocessAnswer(desk: Desk, asker: Asker, reference: string): Promise<Drawn> {
  const preview = await previewReprocess(desk.db, reference);
  const allowed = mayReprocess(desk, asker, preview);
  if (allowed.kind === 'refused') return allowed.drawn;
  if (preview.kind !== 'can') return answer(idleWords(preview, asker));
  const { flow } = allowed;
  const entity = desk.entity(flow.entity);
  return drawReprocessAsk({
    reference,
    title: preview.change.subject,
    noun: entity.noun.one,
    what: preview.what.map((field) => fieldNamed(entity, field).label),
    systems: flow.connections.filter((id) => preview.connections.includes(id)).map(desk.labels),
    waitsFor: preview.change.hold ? waitWords(preview.change.hold, flow, entity) : null,
  });
}

/** Does it, once, and tells how it ended. Every answer replaces the question, so that it cannot be pressed again. */
export async function reprocessNow(
  desk: Desk,
  asker: Asker,
  reference: string,
  reply: Reply,
  replace = true,
): Promise<void> {
  const preview = await previewReprocess(desk.db, reference);
  const allowed = mayReprocess(desk, asker, preview);
  if (allowed.kind === 'refused') return reply(allowed.drawn, { replace });
  if (preview.kind !== 'can') return reply(answer(idleWords(preview, asker)), { replace });
  const { change } = preview;
  const since = desk.clock.now();
  if (!(await reopen(desk.db, { changeId: reference, by: asker.id, now: since }))) {
    return reply(answer(`It is under way already. See \`${escaped(asker.command)} lookup ${reference}\``), {
      replace,
    });
  }
  await wakeFor(desk, {
    flow: change.flow,
    trigger: 'reprocess',
    askedBy: asker.id,
    ...(change.recordId ? { targets: [change.recordId] } : {}),
  });
  const about = { title: change.subject, reference };
  await reply(drawReprocessReport({ ...about, words: 'is being run again. I tell you here how it ended.' }), {
    replace,
  });
  const rested = await changeOrRunEnded(desk, reference, { flow: change.flow, since, askedBy: asker.id });
  if (desk.signal.aborted) return;
  const words = rested
    ? endWords(rested, allowed.flow, desk)
    : 'is still under way. Its message shows when it is done.';
  await reply(drawReprocessReport({ ...about, words }), { replace });
}

type Allowed =
  | { readonly kind: 'allowed'; readonly flow: Flow }
  | { readonly kind: 'refused'; readonly drawn: Drawn };

/** Owners and those who decide; to everybody else the change looks as if it were not there. */
function mayReprocess(desk: Desk, asker: Asker, preview: ReprocessPreview): Allowed {
  const flow = preview.kind === 'unknown' ? null : flowOf(desk.agreement(), preview.change.flow);
  const member = refusalFor(membership(asker.person, desk.home()), 'operate');
  if (member) return { kind: 'refused', drawn: member };
  if (!flow || !maySee(asker.person, flow, desk.home())) return { kind: 'refused', drawn: answer(notSeen()) };
  const verdict = mayOperate(asker.person, flow, desk.home());
  const refusal = decidersOf(flow).includes(asker.id) ? null : refusalFor(verdict, 'operate');
  return refusal ? { kind: 'refused', drawn: refusal } : { kind: 'allowed', flow };
}

function idleWords(preview: Exclude<ReprocessPreview, { kind: 'can' }>, asker: Asker): string {
  const look =
    preview.kind === 'unknown' ? '' : `\nNext: \`${escaped(asker.command)} lookup ${preview.change.id}\``;
  switch (preview.kind) {
    case 'settled':
      return `There is nothing to run again: it is ${preview.change.state === 'settled' ? 'settled' : 'no longer needed'}.${look}`;
    case 'asking':
      return `It waits for a decision; running it again changes nothing. Please choose on its message.${look}`;
    case 'running':
      return `It is under way already.${look}`;
    case 'unknown':
      return notSeen();
  }
}

function endWords(change: Change, flow: Flow, desk: Desk): string {
  switch (change.state) {
    case 'settled':
      return 'settled. Every system was read back.';
    case 'withdrawn':
      return 'nothing is left to do: all systems agree.';
    case 'asking':
      return 'it needs a decision. The question is in the channel.';
    case 'failed':
      return `not saved everywhere. ${change.holdDetail ?? ''}`.trim();
    case 'held':
      return `it still waits: ${change.hold ? waitWords(change.hold, flow, desk.entity(flow.entity)) : 'something is missing'}.`;
    default:
      return 'the run has ended, but not every system has it yet. Truce keeps trying; nothing is lost.';
  }
}
