import type { FieldValue } from '../../entities/field.ts';
import { strongKey } from '../../entities/index.ts';
import type { Tx } from '../../ledger/db.ts';
import { settleFields } from '../../ledger/records/agreed.ts';
import type { RecordState } from '../../ledger/records/records.ts';
import type { RunContext } from '../context.ts';
import { adoptKey } from '../identity/adopt-key.ts';

/** A value on which all systems are now; whoever or whatever settled it is kept with it. */
export interface AgreedOn {
  readonly state: RecordState;
  readonly field: string;
  readonly value: FieldValue | null;
  readonly by: string;
  readonly changeId: string | null;
}

/** Puts down what is agreed, of any number of records. One that settled on another strong key is known by that from now on. */
export async function agree(context: RunContext, tx: Tx, all: readonly AgreedOn[]): Promise<void> {
  await settleFields(
    tx,
    all.map(({ state, ...one }) => ({ ...one, recordId: state.record.id })),
    { agreementVersion: context.agreement.version, now: context.clock.now() },
  );
  for (const { state, field, value } of all) {
    if (field === context.flow.matchBy && !hasKey(context, state, value))
      await adoptKey(context, tx, state.record.id, value);
  }
}

/** As nearly every record has: known by that key already. */
function hasKey({ entity, flow }: RunContext, { record }: RecordState, value: FieldValue | null): boolean {
  const evidence = value === null ? null : strongKey(entity, flow.matchBy, { state: 'value', value });
  return evidence?.ok === true && evidence.key === record.keyValue;
}
