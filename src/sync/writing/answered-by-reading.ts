import { and, eq, gte, inArray } from 'drizzle-orm';
import { type Field, type Observed, same } from '../../entities/field.ts';
import { among } from '../../ledger/many.ts';
import { openIntents, type Values } from '../../ledger/sealing/evidence.ts';
import { bases, changes, intents } from '../../ledger/tables/index.ts';
import { heldValue } from '../compare.ts';
import { commit, type RunContext } from '../context.ts';

const unanswered = inArray(intents.state, ['in_flight', 'unknown']);

/**
 * Closes writes whose answer was lost, of values that their system was read with since: they were carried out. That the change goes on,
 * because another system is locked or refuses it, say, has nothing to do with them.
 */
export async function answerByReading(context: RunContext): Promise<void> {
  const { db, flow, entity } = context;
  const rows = await db
    .select({ intent: intents, held: bases.fields })
    .from(intents)
    .innerJoin(changes, eq(changes.id, intents.changeId))
    .innerJoin(bases, and(eq(bases.recordId, intents.recordId), eq(bases.connection, intents.connection)))
    .where(
      and(
        eq(changes.flow, flow.id),
        eq(intents.kind, 'update'),
        unanswered,
        gte(bases.at, intents.committedAt),
      ),
    );
  const heldBy = new Map(rows.map(({ intent, held }) => [intent.id, held]));
  const sent = await openIntents(
    db,
    rows.map(({ intent }) => intent),
  );
  const arrived = sent.filter(({ id, fields }) => hasArrived(entity.fields, fields, heldBy.get(id) ?? {}));
  if (arrived.length === 0) return;
  const ids = arrived.map(({ id }) => id);
  await commit(context, (tx) =>
    tx
      .update(intents)
      .set({ state: 'done', finishedAt: context.clock.now() })
      .where(and(among(intents.id, ids), unanswered)),
  );
}

const hasArrived = (
  fields: readonly Field[],
  sent: Values,
  held: Readonly<Record<string, Observed>>,
): boolean =>
  Object.entries(sent).every(([name, value]) => {
    const field = fields.find((one) => one.name === name);
    return field !== undefined && same(field, heldValue(held[name]), value);
  });
