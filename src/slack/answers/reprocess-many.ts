import type { Flow } from '../../agreement/agreement.ts';
import { type ManyMeant, previewMany, reopenMany } from '../../ledger/changes/reprocess-many.ts';
import { flowOf } from '../deps.ts';
import { type Desk, type Reply, refusalFor, wakeFor } from '../desk.ts';
import { waitWords } from '../facts/holds.ts';
import type { Drawn } from '../messages/blocks.ts';
import { answer, notSeen } from '../messages/refusals.ts';
import { drawReprocessMany, drawReprocessManyDone } from '../messages/rollback/reprocess-many.ts';
import { escaped } from '../messages/text.ts';
import { mayOperate, maySee } from '../people.ts';
import { runEnded } from '../watch.ts';
import type { Asker } from './asker.ts';
import { whilePaused } from './pause.ts';

/** What is typed, or carried by a button, before the instants are known: they are in it. */
const written = ({ flow, what, since, until }: ManyMeant): string =>
  [what, since?.getTime() ?? '-', until.getTime(), flow].join('/');

/** What a button carries; null for anything else. */
export function readMany(value: string): ManyMeant | null {
  const found = /^(failed|waiting|all)\/(-|\d{1,15})\/(\d{1,15})\/([a-z0-9_-]+)$/.exec(value);
  if (!found) return null;
  const [, what, since, until, flow = ''] = found;
  return {
    what: what as ManyMeant['what'],
    since: since === '-' ? null : new Date(Number(since)),
    until: new Date(Number(until)),
    flow,
  };
}

/** Shows how many would be run again, and which, and asks. */
export async function reprocessManyAnswer(desk: Desk, asker: Asker, many: ManyMeant): Promise<Drawn> {
  const allowed = allowedFlow(desk, asker, many);
  if ('drawn' in allowed) return allowed.drawn;
  const { flow } = allowed;
  const { total, parts, titles } = await previewMany(desk.db, many);
  const entity = desk.entity(flow.entity);
  return drawReprocessMany({
    value: written(many),
    flowName: flow.name,
    noun: entity.noun,
    what: many.what,
    since: many.since,
    until: many.until,
    zone: desk.agreement().timeZone,
    total,
    parts: parts.map(({ state, hold, n }) => ({
      n,
      state,
      waitsFor: hold ? waitWords(hold, flow, entity) : null,
    })),
    titles,
  });
}

/** Does it, once, and tells what came of the run. */
export async function reprocessManyNow(
  desk: Desk,
  asker: Asker,
  many: ManyMeant,
  reply: Reply,
  replace: boolean,
): Promise<void> {
  const allowed = allowedFlow(desk, asker, many);
  if ('drawn' in allowed) return reply(allowed.drawn, { replace });
  const { flow } = allowed;
  const paused = await whilePaused(desk, asker, flow);
  if (paused) return reply(paused, { replace });
  const since = desk.clock.now();
  const n = await reopenMany(desk.db, many, { by: asker.id, now: since });
  if (n === 0) return reply(answer('None of them is there any more: nothing was done.'), { replace });
  desk.log.info(
    { event: 'reprocess_many', flow: flow.id, n },
    `${flow.name}: ${n} are run again, as asked for.`,
  );
  await wakeFor(desk, { flow: flow.id, trigger: 'command', askedBy: asker.id });
  const about = { flowName: flow.name, noun: desk.entity(flow.entity).noun, n };
  await reply(drawReprocessManyDone({ ...about, ended: null }), { replace });
  const run = await runEnded(desk, flow.id, { since, askedBy: asker.id });
  if (desk.signal.aborted || !run) return;
  const left = await previewMany(desk.db, { ...many, what: 'waiting', since, until: desk.clock.now() });
  const failed = await previewMany(desk.db, { ...many, what: 'failed', since, until: desk.clock.now() });
  const next = `\`${escaped(asker.command)} lookup ${run.correlationId}\``;
  const ended = { failed: failed.total, waiting: left.total, next };
  await reply(drawReprocessManyDone({ ...about, ended }), { replace });
}

/** Owners of the flow; to strangers it looks as if it were not there. */
function allowedFlow(
  desk: Desk,
  asker: Asker,
  many: ManyMeant,
): { readonly flow: Flow } | { readonly drawn: Drawn } {
  const flow = flowOf(desk.agreement(), many.flow);
  if (!flow || !maySee(asker.person, flow, desk.home())) return { drawn: answer(notSeen()) };
  const refusal = refusalFor(mayOperate(asker.person, flow, desk.home()), 'operate');
  return refusal ? { drawn: refusal } : { flow };
}
