import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Tx } from '../../ledger/db.ts';
import { type Likeness, lastAnswer, type Sides } from '../../ledger/questions/likenesses.ts';
import type { HoldReason } from '../../ledger/tables/changes.ts';
import { changes } from '../../ledger/tables/index.ts';
import type { Place } from '../../ledger/tables/likenesses.ts';
import type { RunContext } from '../context.ts';
import { missingIn } from './alone.ts';
import { decideLikeness, type LikenessStep } from './decide-likeness.ts';
import type { Looked } from './looks.ts';

interface Held {
  readonly left: Looked;
  readonly right: Looked;
  readonly rows: readonly Likeness[];
  readonly holds: ReadonlyMap<string, HoldReason | null>;
  readonly mergedIn?: string | null;
}

/** Two records held against each other, with all that was ever asked about them. */
export function stepFor(
  context: RunContext,
  { left, right, rows, holds, mergedIn = null }: Held,
): LikenessStep {
  const isInTheWay = (one: Looked, other: Looked) =>
    holds.get(one.id) === 'name_taken' &&
    missingIn(context, one).some((connection) => other.inUse.has(connection));
  return decideLikeness({
    left,
    right,
    entity: context.entity,
    matchBy: context.flow.matchBy,
    saidApart: lastAnswer(rows, sidesOf(left), sidesOf(right)) === 'different',
    inTheWay: isInTheWay(left, right) || isInTheWay(right, left),
    mergedIn,
  });
}

export const sidesOf = ({ id, links }: Looked): Sides => ({ id, places: links });

/** What each record waits for now. */
export async function holdsOf(
  context: RunContext,
  tx: Tx,
  both: readonly Looked[],
): Promise<Map<string, HoldReason | null>> {
  const rows = await tx
    .select({ id: changes.recordId, hold: changes.hold })
    .from(changes)
    .where(
      and(
        eq(changes.flow, context.flow.id),
        isNull(changes.closedAt),
        inArray(
          changes.recordId,
          both.map(({ id }) => id),
        ),
      ),
    );
  return new Map(rows.flatMap(({ id, hold }) => (id ? [[id, hold] as const] : [])));
}

/** Where it is in use, always in the same order. */
export const placesOf = ({ links }: Looked): Place[] =>
  links
    .filter((link) => !link.archived)
    .map(({ connection, role, externalId }) => ({ connection, role, externalId }))
    .sort((a, b) => (a.connection < b.connection ? -1 : 1));
