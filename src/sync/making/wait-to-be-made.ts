import { and, eq, sql } from 'drizzle-orm';
import { moveChange, openChange, tell } from '../../ledger/changes.ts';
import type { Tx } from '../../ledger/db.ts';
import { announceCard, rank } from '../../ledger/outbox.ts';
import type { RecordState } from '../../ledger/records.ts';
import { story } from '../../ledger/tables/index.ts';
import { connectorOf, type RunContext } from '../context.ts';
import type { CreateStep } from './decide-create.ts';

type Wait = CreateStep & { readonly kind: 'wait' };

/** Holds a record that is missing in a system and is not made there yet, and says why. What else is under way with it goes on. */
export async function waitToBeMade(
  context: RunContext,
  tx: Tx,
  state: RecordState,
  connection: string,
  wait: Wait,
): Promise<void> {
  const now = context.clock.now();
  const change = await openChange(tx, {
    recordId: state.record.id,
    flow: context.flow.id,
    subject: state.record.title,
    runId: context.run.id,
    agreementVersion: context.agreement.version,
    now,
  });
  const { reason } = wait;
  const detail = detailOf(context, connection, wait);
  const isKnown = change.hold === reason && (await wasTold(tx, change.id, connection, detail));
  if (isKnown) return;
  const data = { reason, detail, missing: true };
  await tell(tx, [{ changeId: change.id, at: now, kind: 'held', connection, data }]);
  const isAsking = [...state.conflicts.values()].some((conflict) => conflict.state === 'open');
  const rest = isAsking ? 'asking' : state.pending.size > 0 ? 'writing' : 'held';
  await moveChange(tx, change.id, { state: rest, hold: reason, holdDetail: detail, now });
  await announceCard(tx, { subject: `change:${change.id}`, flow: context.flow.id, rank: rank.decision, now });
}

function detailOf(context: RunContext, connection: string, wait: Wait): string {
  const { label } = connectorOf(context, connection);
  switch (wait.reason) {
    case 'first_load':
      return `to be made in ${label}`;
    case 'not_linked':
      return `not in ${label}, and without a name to make it with`;
    case 'name_taken': {
      const key = context.entity.fields.find((field) => field.name === context.flow.matchBy)?.label ?? 'key';
      const { title, hasKey } = wait.namesake;
      return `${label} has “${title}” already, ${hasKey ? `under another ${key}` : `without a valid ${key}`}`;
    }
  }
}

async function wasTold(tx: Tx, changeId: string, connection: string, detail: string): Promise<boolean> {
  const [line] = await tx
    .select({ id: story.id })
    .from(story)
    .where(
      and(
        eq(story.changeId, changeId),
        eq(story.kind, 'held'),
        eq(story.connection, connection),
        sql`${story.data} ->> 'detail' = ${detail}`,
      ),
    )
    .limit(1);
  return line !== undefined;
}
