import type { Flow } from '../../agreement/agreement.ts';
import { releaseFieldHolds } from '../../ledger/changes/field-holds.ts';
import {
  type ApproveResult,
  approveRollback,
  askRollback,
  dropRollback,
  hasDecided,
  type Rollback,
  type RollbackTarget,
  rollbackById,
  rollbacksOf,
  rollbackTarget,
  underWayOf,
} from '../../ledger/rollback/rollbacks.ts';
import { erasureOfChange } from '../../ledger/sealing/erasures.ts';
import { flowOf } from '../deps.ts';
import { type Desk, type Reply, refusalFor, wakeFor } from '../desk.ts';
import { nameOf, undoFacts } from '../facts/rollback.ts';
import type { Drawn } from '../messages/blocks.ts';
import { erasedBefore } from '../messages/lookup/forget.ts';
import { answer, notSeen, notThatSystem } from '../messages/refusals.ts';
import { drawUndoPreview, drawUndoReport } from '../messages/rollback/rollback.ts';
import { count, escaped } from '../messages/text.ts';
import { time } from '../messages/times.ts';
import { mayOperate, maySee, membership } from '../people.ts';
import { rollbackMoved } from '../watch.ts';
import type { Asker } from './asker.ts';

/** Looks at what can be undone, shows it, and asks. `system` = only what was written there. */
export async function rollbackAnswer(
  desk: Desk,
  asker: Asker,
  { reference, system }: { readonly reference: string; readonly system: string | null },
  reply: Reply,
): Promise<void> {
  const whole = await rollbackTarget(desk.db, reference);
  const allowed = await mayUndo(desk, asker, whole);
  if ('drawn' in allowed) return reply(allowed.drawn);
  const { flow } = allowed;
  const erased = whole?.changeId ? await erasureOfChange(desk.db, whole.changeId) : null;
  if (erased) {
    const { by, at } = erased;
    return reply(erasedBefore({ by: nameOf(desk.agreement(), by), at }, desk.agreement().timeZone));
  }
  const target = system ? await oneSystem(desk, flow, allowed.target, system) : allowed.target;
  if ('drawn' in target) return reply(target.drawn);
  const other = await underWayOf(desk.db, target.target);
  if (other) return reply(underWay(desk, asker, other));
  await look(desk, asker, { flow, target, reply });
}

async function look(
  desk: Desk,
  asker: Asker,
  { flow, target, reply, replace = false }: Looking,
): Promise<void> {
  const id = await askRollback(desk.db, { ...target, by: asker.id, now: desk.clock.now() });
  await wakeFor(desk, wakeOf(flow, asker));
  await reply(
    answer(`*${escaped(flow.name)}:* I read the systems and show you what would be undone. One moment.`),
    { replace },
  );
  const looked = await rollbackMoved(desk, id, ['asked']);
  if (desk.signal.aborted) return;
  const facts = looked && (await undoFacts(desk, looked, { command: asker.command }));
  await reply(facts ? drawUndoPreview(facts) : late(asker, id), { replace });
}

interface Looking {
  readonly flow: Flow;
  readonly target: RollbackTarget;
  readonly reply: Reply;
  readonly replace?: boolean;
}

const wakeOf = (flow: Flow, asker: Asker) =>
  ({ flow: flow.id, trigger: 'rollback', targets: [], askedBy: asker.id }) as const;

const late = (asker: Asker, id: string): Drawn =>
  answer(
    `This takes longer than I can wait here. Nothing was changed.\nNext: \`${escaped(asker.command)} lookup ${id}\``,
  );

/** What a change wrote to one system, by its name or id. */
async function oneSystem(
  desk: Desk,
  flow: Flow,
  target: RollbackTarget,
  word: string,
): Promise<RollbackTarget | { readonly drawn: Drawn }> {
  const same = (text: string) => text.toLowerCase() === word.toLowerCase();
  const found = flow.connections.find((id) => same(id) || same(desk.labels(id)));
  if (!found || target.scope !== 'change')
    return {
      drawn: notThatSystem({
        word,
        systems: target.scope === 'change' ? flow.connections.map(desk.labels) : [],
      }),
    };
  return (await rollbackTarget(desk.db, target.target, found)) ?? { drawn: answer(notSeen()) };
}

/** "Undo these 12 values": done once, and told how it ended. */
export async function rollbackNow(
  desk: Desk,
  asker: Asker,
  id: string,
  reply: Reply,
  replace: boolean,
): Promise<void> {
  const rollback = await rollbackById(desk.db, id);
  const whole = rollback && (await rollbackTarget(desk.db, ...targetOf(rollback)));
  const allowed = await mayUndo(desk, asker, whole);
  if ('drawn' in allowed) return reply(allowed.drawn, { replace });
  const { flow, target } = allowed;
  const result = await approveRollback(desk.db, { id, by: asker.id, now: desk.clock.now() });
  // Somebody decides on what is there now, not on what was there then.
  if (result.kind === 'outdated') {
    const other = await underWayOf(desk.db, target.target);
    return other
      ? reply(underWay(desk, asker, other), { replace })
      : look(desk, asker, { flow, target, reply, replace });
  }
  if (result.kind !== 'approved') return reply(notTaken(desk, asker, result), { replace });
  desk.log.info(
    { event: 'rollback_approved', reference: id, flow: flow.id },
    `${flow.name}: ${asker.id} undoes what ${target.target} wrote`,
  );
  await wakeFor(desk, wakeOf(flow, asker));
  await reply(
    answer(`*${escaped(flow.name)}:* undoing. I tell you here when it is done; reference \`${id}\``),
    {
      replace,
    },
  );
  const done = await rollbackMoved(desk, id, ['under_way']);
  if (desk.signal.aborted) return;
  const now = done ?? (await rollbackById(desk.db, id));
  const facts = now && (await undoFacts(desk, now, { command: asker.command }));
  if (facts) await reply(drawUndoReport(facts), { replace });
}

/** As it was asked for: of a single write, the change and the connection. */
function targetOf({ target }: Rollback): [reference: string, connection: string | null] {
  const [reference = '', connection = null] = target.split('/');
  return [reference, connection];
}

function notTaken(
  desk: Desk,
  asker: Asker,
  result: Exclude<ApproveResult, { kind: 'approved' | 'outdated' }>,
): Drawn {
  switch (result.kind) {
    case 'already': {
      const who = result.by === asker.id ? 'You' : 'Somebody';
      const at = time(desk.agreement().timeZone, result.at);
      return answer(`${who} took this already, at ${at}. Nothing is undone twice.`);
    }
    case 'nothing':
      return answer('There is nothing to undo here. Nothing was changed.');
    case 'unknown':
      return answer(notSeen());
  }
}

function underWay(desk: Desk, asker: Asker, { id, approvedAt }: Rollback): Drawn {
  const at = approvedAt ? ` since ${time(desk.agreement().timeZone, approvedAt)}` : '';
  return answer(
    `This is being undone already${at}. Nothing is undone twice.\nNext: \`${escaped(asker.command)} lookup ${id}\``,
  );
}

/** "Cancel" on a preview: what was found for it is forgotten. Only who asked can, and nobody else sees it. */
export async function cancelRollback(desk: Desk, asker: Asker, id: string): Promise<Drawn> {
  const rollback = await rollbackById(desk.db, id);
  if (rollback?.by === asker.id)
    await dropRollback(desk.db, { id, note: 'it was cancelled', now: desk.clock.now() });
  return answer('Cancelled. Nothing was changed.');
}

/** Lets the sync go on with what was put aside: by the reference of the undoing, or of what was undone. */
export async function releaseAnswer(desk: Desk, asker: Asker, reference: string): Promise<Drawn> {
  const rollback = await rollbackById(desk.db, reference);
  const target = rollback ? { ...rollback, changeId: null } : await rollbackTarget(desk.db, reference);
  const allowed = await mayUndo(desk, asker, target);
  if ('drawn' in allowed) return allowed.drawn;
  const { flow } = allowed;
  const all = rollback ? [rollback] : await rollbacksOf(desk.db, reference);
  const now = desk.clock.now();
  const released = await desk.db.transaction(async (tx) => {
    let n = 0;
    for (const { id } of all)
      n += await releaseFieldHolds(tx, { rollbackId: id, flow: flow.id, by: asker.id, now });
    return n;
  });
  if (released === 0) return answer('Nothing is put aside by it any more. Nothing was changed.');
  desk.log.info(
    { event: 'released', reference, flow: flow.id },
    `${flow.name}: the sync goes on with what was put aside by ${reference}`,
  );
  await wakeFor(desk, { flow: flow.id, trigger: 'decision', askedBy: asker.id });
  return answer(
    `*${escaped(flow.name)}:* the sync goes on with ${count(released, 'detail', 'details')}. Each is read and decided afresh, by its rule, from now on.\nNext: \`${escaped(asker.command)} status ${escaped(flow.id)}\``,
  );
}

type Allowed<T> = { readonly flow: Flow; readonly target: T } | { readonly drawn: Drawn };

/** Both owners; who decided something of the change; and who undid it. To all others it looks as if it were not there. */
async function mayUndo<T extends Pick<RollbackTarget, 'flow' | 'changeId' | 'by'>>(
  desk: Desk,
  asker: Asker,
  target: T | null,
): Promise<Allowed<T>> {
  const member = refusalFor(membership(asker.person, desk.home()), 'operate');
  if (member) return { drawn: member };
  const flow = target && flowOf(desk.agreement(), target.flow);
  if (!target || !flow || !maySee(asker.person, flow, desk.home())) return { drawn: answer(notSeen()) };
  const refusal = refusalFor(mayOperate(asker.person, flow, desk.home()), 'operate');
  const isOwn = async () =>
    target.by === asker.id ||
    (target.changeId !== null && (await hasDecided(desk.db, target.changeId, asker.id)));
  return refusal && !(await isOwn()) ? { drawn: refusal } : { flow, target };
}
