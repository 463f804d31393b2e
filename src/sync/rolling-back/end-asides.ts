import { endFieldHolds, type FieldHold, fieldHoldsOf } from '../../ledger/changes/field-holds.ts';
import type { DbOrTx, Tx } from '../../ledger/db.ts';
import type { RunContext } from '../context.ts';
import type { Look } from '../deciding/observe.ts';
import type { PutAside } from './put-aside.ts';

type Aside = PutAside & { readonly hold: FieldHold };

/** By record, then by field: what is put aside. */
export async function asideOf(
  db: DbOrTx,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Aside>>> {
  const byRecord = Map.groupBy(await fieldHoldsOf(db, ids), (hold) => hold.recordId);
  return new Map(
    [...byRecord].map(([recordId, holds]) => [
      recordId,
      new Map(
        holds.map((hold) => [hold.field, { found: hold.found, isReleased: hold.releasedAt !== null, hold }]),
      ),
    ]),
  );
}

/** What was decided anew is put aside no longer. */
export async function endAsides(
  context: RunContext,
  tx: Tx,
  looks: readonly Look[],
  asides: ReadonlyMap<string, ReadonlyMap<string, Aside>>,
): Promise<void> {
  const ended = looks.flatMap(({ state, planned }) =>
    planned.flatMap(({ view, step }) => {
      const aside = asides.get(state.record.id)?.get(view.field.name);
      const stays = step.kind === 'nothing' && step.isAside;
      return aside && !stays ? [aside.hold] : [];
    }),
  );
  await endFieldHolds(tx, ended, { flow: context.flow.id, now: context.clock.now() });
}
