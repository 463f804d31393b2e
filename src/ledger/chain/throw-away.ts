import { eq, sql } from 'drizzle-orm';
import type { DbOrTx, Tx } from '../db.ts';
import { facts } from '../tables/index.ts';
import type { Writing } from './add-links.ts';
import { addLink, chainedUpto } from './links.ts';
import { thrownAway } from './sources.ts';

/** Calls that are looked at together. */
const atOnce = 2_000;
const noLine = '0'.repeat(32);

/**
 * Throws away calls that served no change and were made before then. Of what is chained, the link that says so is made in the same
 * transaction: what is gone without one was taken away by somebody else. Goes on after those of which it is known that they stay, so
 * that it costs the same however many there are.
 */
export async function throwAwayCalls({ held, ...writing }: Writing, before: Date): Promise<number> {
  let after = await staysUpto(writing.db);
  let isAllOld = true;
  let thrown = 0;
  while (!writing.isOver()) {
    const page = await held(async (tx) => {
      const found = await nextPage(tx, after, before);
      if (found.old > 0) thrown += await throwPage(tx, writing, { after, upto: found.last, before });
      // Only as far as all are old: after one whose clock was ahead the next look begins again.
      const stays = found.firstYoung === null ? found.last : found.firstYoung - 1;
      if (isAllOld && stays > after) await keepStaysUpto(tx, stays, writing.now);
      return found;
    });
    if (page.old === 0 || page.looked < atOnce) break;
    isAllOld &&= page.firstYoung === null;
    after = page.last;
  }
  return thrown;
}

interface Page {
  readonly looked: number;
  readonly old: number;
  readonly last: number;
  readonly firstYoung: number | null;
}

async function nextPage(tx: Tx, after: number, before: Date): Promise<Page> {
  const [row] = await tx.execute<{ looked: string; old: string; last: string; young: string | null }>(sql`
    select count(*)::text as looked, count(*) filter (where is_old)::text as old,
      coalesce(max(id), ${after}::bigint)::text as last, (min(id) filter (where not is_old))::text as young
    from (
      select id, at < ${before.toISOString()}::timestamptz as is_old
      from exchanges where id > ${after}::bigint order by id limit ${atOnce}
    ) page`);
  return {
    looked: Number(row?.looked ?? 0),
    old: Number(row?.old ?? 0),
    last: Number(row?.last ?? after),
    firstYoung: row?.young ? Number(row.young) : null,
  };
}

async function throwPage(
  tx: Tx,
  { now, signer }: Pick<Writing, 'now' | 'signer'>,
  { after, upto, before }: { readonly after: number; readonly upto: number; readonly before: Date },
): Promise<number> {
  const rows = await tx.execute<{ id: string; at: string }>(sql`
    delete from exchanges e where id > ${after}::bigint and id <= ${upto}::bigint
      and at < ${before.toISOString()}::timestamptz
      and not exists (select 1 from exchange_changes where exchange_id = e.id)
    returning id::text as id, (extract(epoch from at) * 1000)::bigint::text as at`);
  const chained = (await chainedUpto(tx, 'calls'))?.lastId ?? 0;
  const lines = rows
    .map(({ id, at }) => ({ id: Number(id), at: new Date(Number(at)), print: noLine }))
    .filter(({ id }) => id <= chained)
    .sort((a, b) => a.id - b.id);
  if (lines.length > 0) await addLink(tx, { source: thrownAway, lines, at: now }, signer);
  return rows.length;
}

/** Up to this id every call is old and cited by a change, so that it stays. */
const factName = 'calls_stay_upto';

async function staysUpto(db: DbOrTx): Promise<number> {
  const [fact] = await db.select().from(facts).where(eq(facts.name, factName));
  return (fact?.value as { id: number } | undefined)?.id ?? 0;
}

async function keepStaysUpto(tx: Tx, id: number, now: Date): Promise<void> {
  const set = { value: { id }, at: now };
  await tx
    .insert(facts)
    .values({ name: factName, ...set })
    .onConflictDoUpdate({ target: facts.name, set });
}
