import type { Flow } from '../../agreement/agreement.ts';
import type { FieldValue } from '../../entities/field.ts';
import type { Change } from '../../ledger/changes/changes.ts';
import { editAndRetry, unsavedOf } from '../../ledger/changes/edit-value.ts';
import { previewReprocess, type ReprocessPreview, reopen } from '../../ledger/changes/reprocess.ts';
import { flowOf } from '../deps.ts';
import { type Desk, type Reply, refusalFor, wakeFor } from '../desk.ts';
import { fieldNamed } from '../facts/fields.ts';
import { waitWords } from '../facts/holds.ts';
import type { Drawn } from '../messages/blocks.ts';
import { answer, needsTwo, notSeen, outdatedNow } from '../messages/refusals.ts';
import { drawReprocessAsk, drawReprocessReport } from '../messages/rollback/reprocess.ts';
import { escaped } from '../messages/text.ts';
import { decidersOf, mayDecide, mayOperate, maySee, membership } from '../people.ts';
import { changeOrRunEnded } from '../watch.ts';
import type { Asker } from './asker.ts';
import { whyUnfit } from './decide.ts';
import { whilePaused } from './pause.ts';
import { flowBehind, reprocessFlow } from './reprocess-alert.ts';

/** Shows what running a change again will do, or whatever failed in the sync that an alert or a run is of, and asks. */
export async function reprocessAnswer(desk: Desk, asker: Asker, reference: string): Promise<Drawn> {
  const preview = await previewReprocess(desk.db, reference);
  const wholeFlow = preview.kind === 'unknown' ? await flowBehind(desk.db, reference) : null;
  if (wholeFlow) return reprocessFlow(desk, asker, wholeFlow);
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
    editable: (await unsavedOf(desk.db, reference)).flatMap(({ field }) =>
      whyNoEdit(desk, asker, flow, field) ? [] : [fieldNamed(entity, field)],
    ),
    revision: preview.change.revision,
  });
}

/** Why this person may not type a value of their own for a field that could not be saved; null where they may. */
export function whyNoEdit(desk: Desk, asker: Asker, flow: Flow, field: string): Drawn | null {
  const terms = flow.fields[field];
  if (!terms) return answer(notSeen());
  if (terms.twoPeople) return answer(needsTwo());
  const isDecided = terms.rule === 'review' || terms.rule === 'approve';
  return isDecided
    ? refusalFor(mayDecide(asker.person, flow, desk.home()), 'decide')
    : refusalFor(mayOperate(asker.person, flow, desk.home()), 'operate');
}

/** Takes the value that somebody typed for one that could not be saved, and runs the change again. Null = it is under way. */
export async function editNow(
  desk: Desk,
  asker: Asker,
  edit: {
    readonly changeId: string;
    readonly field: string;
    readonly value: FieldValue;
    readonly revision: number;
  },
): Promise<Drawn> {
  const preview = await previewReprocess(desk.db, edit.changeId);
  const allowed = mayReprocess(desk, asker, preview);
  if (allowed.kind === 'refused') return allowed.drawn;
  const refusal = whyNoEdit(desk, asker, allowed.flow, edit.field) ?? whyUnfit(desk, allowed.flow, edit);
  if (refusal) return refusal;
  if (preview.kind !== 'can') return answer(idleWords(preview, asker));
  const { change } = preview;
  const taken = await editAndRetry(desk.db, { ...edit, by: asker.id, now: desk.clock.now() });
  if (!taken) return outdatedNow();
  await wakeFor(desk, {
    flow: change.flow,
    trigger: 'reprocess',
    askedBy: asker.id,
    ...(change.recordId ? { targets: [change.recordId] } : {}),
  });
  return drawReprocessReport({
    title: change.subject,
    reference: change.id,
    words: 'is being run again with what you typed. Its message shows how it ended.',
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
  const paused = await whilePaused(desk, asker, allowed.flow);
  if (paused) return reply(paused, { replace });
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
