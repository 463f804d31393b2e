import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Tx } from '../db.ts';
import { changes, conflicts, facts, leases, outbox, pending, safetyStops, story } from '../tables/index.ts';
import { firstLoadFact } from './runs.ts';

/**
 * Withdraws everything that is open of a flow that the agreement no longer has, and says why: no run will come for it. Values that
 * systems hold stay as they are. Should the flow come again, its first load is approved again.
 */
export async function endFlow(
  tx: Tx,
  { flow, reason, now }: { flow: string; reason: string; now: Date },
): Promise<void> {
  // A run that is under way has lost its flow from here on, and writes nothing more.
  await tx
    .update(leases)
    .set({ owner: '', until: now, epoch: sql`${leases.epoch} + 1` })
    .where(eq(leases.name, `flow:${flow}`));
  const open = await tx
    .select({ id: changes.id })
    .from(changes)
    .where(and(eq(changes.flow, flow), isNull(changes.closedAt)))
    .orderBy(changes.id)
    .for('update');
  if (open.length > 0) await withdrawAll(tx, { flow, reason, now });
  await tx
    .update(safetyStops)
    .set({ state: 'over' })
    .where(and(eq(safetyStops.flow, flow), eq(safetyStops.state, 'open')));
  // What was to be said, and was not yet: there is no channel for it any more.
  await tx.delete(outbox).where(and(eq(outbox.flow, flow), isNull(outbox.ts), eq(outbox.state, 'waiting')));
  await tx.delete(facts).where(inArray(facts.name, [firstLoadFact(flow), `agreement_to_follow:${flow}`]));
  // Its message is a new one then: an edit far up is seen by nobody.
  await tx
    .update(outbox)
    .set({ channel: null, ts: null, sent: 0 })
    .where(eq(outbox.key, `card:first_load:${flow}`));
}

/** In one statement each, however many they are. */
async function withdrawAll(
  tx: Tx,
  { flow, reason, now }: { flow: string; reason: string; now: Date },
): Promise<void> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const ours = sql`select id from ${changes} where flow = ${flow} and closed_at is null`;
  const data = sql`jsonb_build_object('reason', ${reason}::text)`;
  await tx.execute(sql`
    insert into ${story} (change_id, at, kind, field, data)
    select change_id, ${at}, 'withdrawn', field, ${data} from ${conflicts}
    where closed_at is null and change_id in (${ours})`);
  await tx.execute(sql`
    insert into ${story} (change_id, at, kind, data)
    select c.id, ${at}, 'withdrawn', ${data} from ${changes} c where c.flow = ${flow} and c.closed_at is null
      and not exists (select 1 from ${conflicts} q where q.change_id = c.id and q.closed_at is null)`);
  await tx.execute(sql`
    update ${outbox} set wanted = wanted + 1, state = case when state in ('sending', 'unknown') then state else 'waiting' end
    where subject in (select 'change:' || o.id from (${ours}) o)`);
  await tx.execute(sql`
    update ${conflicts} set state = 'withdrawn', closed_at = ${at}, note = ${reason}
    where closed_at is null and change_id in (${ours})`);
  await tx.delete(pending).where(sql`${pending.changeId} in (${ours})`);
  await tx.execute(sql`
    update ${changes} set state = 'withdrawn', hold = null, hold_detail = null, revision = revision + 1,
      updated_at = ${at}, closed_at = ${at} where flow = ${flow} and closed_at is null`);
}
