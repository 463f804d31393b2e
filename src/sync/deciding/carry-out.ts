import { eq, sql } from 'drizzle-orm';
import { type Change, moveChanges, openChanges, tell } from '../../ledger/changes/changes.ts';
import { linkExchanges } from '../../ledger/connections/exchanges.ts';
import type { Tx } from '../../ledger/db.ts';
import { insertMany } from '../../ledger/many.ts';
import { announceCards, rank, redrawCards } from '../../ledger/posts/outbox.ts';
import { withdrawApprovals } from '../../ledger/questions/approvals.ts';
import { announcePutBacks } from '../../ledger/rollback/put-backs.ts';
import type { ChangeState, HoldReason } from '../../ledger/tables/changes.ts';
import { conflicts, pending } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';
import { agree } from './agree.ts';
import { type Differing, type Effects, effectsOf, together } from './effects.ts';
import { type Look, observe } from './observe.ts';
import type { PlannedField } from './plan.ts';

/**
 * Carries the plans of some records out in the ledger, in one transaction and a statement for each kind of row: bases, agreed
 * values, questions, what is to be written, and the story of it. Returns the records of which there was more to it than
 * observing and agreeing.
 */
export async function carryOut(
  context: RunContext,
  tx: Tx,
  looks: readonly Look[],
): Promise<ReadonlySet<string>> {
  await observe(context, tx, looks);
  const agreements = looks.flatMap(({ state, planned }) =>
    planned.flatMap(({ view, step }) =>
      step.kind === 'agree'
        ? [{ state, field: view.field.name, value: step.value, by: step.by, changeId: null }]
        : [],
    ),
  );
  await agree(context, tx, agreements);
  const differing = looks.filter(({ planned }) => planned.some(differs));
  await carryOutChanges(context, tx, differing);
  return new Set(differing.map(({ state }) => state.record.id));
}

const differs = ({ step }: PlannedField) => step.kind !== 'nothing' && step.kind !== 'agree';

/** What differs and is not simply agreed makes, or joins, the record's open change. */
async function carryOutChanges(context: RunContext, tx: Tx, looks: readonly Look[]): Promise<void> {
  if (looks.length === 0) return;
  const now = context.clock.now();
  const opened = await openChanges(
    tx,
    looks.map(({ state }) => ({
      recordId: state.record.id,
      flow: context.flow.id,
      subject: state.record.title,
      runId: context.run.id,
      agreementVersion: context.agreement.version,
      now,
    })),
  );
  const differing = looks.flatMap((look) => {
    const change = opened.get(look.state.record.id);
    const steps = look.planned.filter(({ step }) => step.kind !== 'nothing');
    if (!change || isTold(change, steps)) return [];
    return [{ ...look, steps, change: moved(look, change, steps) }];
  });
  await linkExchanges(tx, differing.flatMap(exchangesOf));
  await moveChanges(
    tx,
    differing.map(({ change: { id, state, hold, holdDetail } }) => ({ id, state, hold, holdDetail, now })),
  );
  await store(context, tx, together(differing.map((one) => effectsOf(context, one, now))));
  const asked = differing.filter(({ steps }) => steps.some(isForPeople));
  const subjectsOf = (some: typeof differing) => some.map(({ change }) => `change:${change.id}`);
  await announceCards(tx, { subjects: subjectsOf(asked), flow: context.flow.id, rank: rank.decision, now });
  await redrawCards(tx, subjectsOf(differing.filter((one) => !asked.includes(one))));
  if (differing.some(({ steps }) => steps.some(isToldWhenPutBack)))
    await announcePutBacks(tx, { flow: context.flow.id, now });
  for (const one of differing) sayAsked(context, one);
}

/** What people are asked, or were: the rest goes by the rules, and waits for an approval of all of it at most. */
const isForPeople = ({ step }: PlannedField): boolean =>
  ['ask', 'move', 'withdraw', 'expire'].includes(step.kind) ||
  (step.kind === 'hold' && step.reason === 'tug_of_war');

/** What nobody should change elsewhere was changed there: whoever did is told that it did not last. */
const isToldWhenPutBack = ({ step }: PlannedField): boolean =>
  step.kind === 'bring' && step.putBack && step.by === 'rule:read_only';

/** Whether all that is to be said is that it waits, and that was said before. */
function isTold(change: Change, steps: readonly PlannedField[]): boolean {
  const held = heldFor(steps);
  return (
    held !== null &&
    (change.hold === held || change.state === 'failed') &&
    steps.every(({ step }) => step.kind === 'hold' || step.kind === 'agree')
  );
}

const heldFor = (steps: readonly PlannedField[]): HoldReason | null =>
  steps.map(({ step }) => (step.kind === 'hold' ? step.reason : null)).find((reason) => reason !== null) ??
  null;

/** The change as these steps leave it. */
function moved(look: Look, change: Change, steps: readonly PlannedField[]): Change {
  const held = heldFor(steps);
  // That it was merged away somewhere, or is gone, is there to be seen until a person has looked.
  const isMerged = held === null && (change.hold === 'merged' || change.hold === 'gone');
  return {
    ...change,
    state: stateAfter(look, steps),
    hold: isMerged ? change.hold : held,
    holdDetail: isMerged ? change.holdDetail : null,
    revision: change.revision + 1,
  };
}

function stateAfter({ state }: Look, steps: readonly PlannedField[]): ChangeState {
  const kinds = new Map(steps.map(({ view, step }) => [view.field.name, step.kind]));
  const stillOpen = [...state.conflicts.values()].some(
    (conflict) =>
      conflict.state === 'open' && !['withdraw', 'expire'].includes(kinds.get(conflict.field) ?? ''),
  );
  const all = [...kinds.values()];
  if (stillOpen || all.includes('ask')) return 'asking';
  if (state.pending.size > 0 || all.includes('bring') || all.includes('expire')) return 'writing';
  return all.includes('hold') ? 'held' : 'writing';
}

function exchangesOf({ change, seen }: Differing): { changeId: string; exchangeId: number }[] {
  const ids = new Set(seen.flatMap((one) => one.exchangeId ?? []));
  return [...ids].map((exchangeId) => ({ changeId: change.id, exchangeId }));
}

/** Stores the rows. Questions that are over make way for new ones of the same field first. */
async function store(context: RunContext, tx: Tx, effects: Effects): Promise<void> {
  const now = context.clock.now();
  const { closed, setAside, asked, moved, brought, agreed, lines } = effects;
  if (closed.length > 0) {
    await tx.execute(sql`
      update ${conflicts} c set state = m.to, closed_at = ${now.toISOString()}::timestamptz
      from jsonb_to_recordset(${JSON.stringify(closed)}::text::jsonb) as m(id text, "to" text) where c.id = m.id`);
  }
  if (setAside.length > 0) {
    await tx.execute(sql`
      delete from ${pending} p using jsonb_to_recordset(${JSON.stringify(setAside)}::text::jsonb)
        as s("recordId" text, field text)
      where p.record_id = s."recordId" and p.field = s.field`);
  }
  if (asked.length > 0) await tx.execute(insertMany(conflicts, asked));
  for (const { id, options, revision } of moved) {
    await tx.update(conflicts).set({ options, optionsRevision: revision }).where(eq(conflicts.id, id));
  }
  await bring(tx, brought);
  await agree(context, tx, agreed);
  await tell(tx, lines);
  const ids = (some: readonly { readonly id: string }[]) => some.map(({ id }) => id);
  await withdrawApprovals(tx, ids(moved), { because: 'moved', now });
  await withdrawApprovals(tx, ids(closed), { because: 'over', now });
}

/** What is to be brought to every system that does not hold it; it takes the place of what was before. */
async function bring(tx: Tx, rows: Effects['brought']): Promise<void> {
  if (rows.length === 0) return;
  await tx.execute(sql`
    ${insertMany(pending, rows)} on conflict (record_id, field) do update set
      change_id = excluded.change_id, value = excluded.value, by = excluded.by, since = excluded.since`);
}

function sayAsked({ log, flow, entity }: RunContext, { change, state, steps }: Differing): void {
  for (const { view, step } of steps) {
    if (step.kind !== 'ask') continue;
    const label = entity.fields.find(({ name }) => name === view.field.name)?.label ?? view.field.name;
    log.info(
      { event: 'decision_needed', reference: change.id, flow: flow.id },
      `${flow.name}: a decision is needed on ${label.toLowerCase()} of ${state.record.title}`,
    );
  }
}
