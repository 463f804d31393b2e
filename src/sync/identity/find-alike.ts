import { and, eq, sql } from 'drizzle-orm';
import { nearAbns } from '../../entities/abn.ts';
import { textOf } from '../../entities/text.ts';
import { among } from '../../ledger/many.ts';
import { looks, records } from '../../ledger/tables/index.ts';
import type { RunContext } from '../context.ts';
import { cluesOf, type Looked } from './looks.ts';

/** What more records than this share says nothing about any of them: "Cash sale", a bookkeeper's phone. */
const common = 6;

/**
 * For each record the others that share a name, a number or an address with it, or whose strong key its own may have been meant
 * for. By index, whatever their number.
 */
export async function findAlike(
  context: RunContext,
  looked: ReadonlyMap<string, Looked>,
): Promise<Map<string, ReadonlySet<string>>> {
  const clues = new Map([...looked.values()].map((one) => [one.id, cluesOf(context.entity, one)]));
  const meant = new Map([...looked.values()].map((one) => [one.id, keysMeant(context, one)]));
  const [byClue, byKey] = await Promise.all([
    holdersOf(context, [...clues.values()].flat()),
    recordsOf(context, [...meant.values()].flat()),
  ]);
  return new Map(
    [...looked.keys()].map((id) => {
      const found = [
        ...(clues.get(id) ?? []).flatMap((clue) => byClue.get(clue) ?? []),
        ...(meant.get(id) ?? []).flatMap((key) => byKey.get(key) ?? []),
      ];
      return [id, new Set(found.filter((one) => one !== id))];
    }),
  );
}

function keysMeant({ flow }: RunContext, { key, values }: Looked): string[] {
  if (flow.matchBy !== 'abn' || key !== null) return [];
  return [...(values.get('abn') ?? []), ...(values.get('acn') ?? [])].flatMap((value) =>
    nearAbns(textOf(value)),
  );
}

async function holdersOf(
  { db }: RunContext,
  clues: readonly string[],
): Promise<Map<string, readonly string[]>> {
  if (clues.length === 0) return new Map();
  const rows = await db.execute<{ clue: string; ids: string[] }>(sql`
    select c.clue, l.ids
    from jsonb_array_elements_text(${JSON.stringify([...new Set(clues)])}::text::jsonb) as c(clue),
      lateral (select array_agg(record_id) as ids from (
        select record_id from ${looks} where ${looks.clue} = c.clue limit ${common + 1}) held) l`);
  return new Map(
    rows.filter(({ ids }) => ids !== null && ids.length <= common).map(({ clue, ids }) => [clue, ids]),
  );
}

async function recordsOf(
  { db, entity }: RunContext,
  keys: readonly string[],
): Promise<Map<string, readonly string[]>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .select({ id: records.id, key: records.keyValue })
    .from(records)
    .where(and(eq(records.entity, entity.name), among(records.keyValue, new Set(keys))));
  return new Map(rows.flatMap(({ id, key }) => (key === null ? [] : [[key, [id]] as const])));
}
