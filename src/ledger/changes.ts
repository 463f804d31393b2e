import { and, eq, isNull, sql } from 'drizzle-orm';
import { nextCorrelationId } from './correlation-id.ts';
import type { DbOrTx } from './db.ts';
import type { StoryKind } from './tables/changes.ts';
import { changes, story } from './tables/index.ts';

export type Change = typeof changes.$inferSelect;
export type StoryLine = typeof story.$inferSelect;

export interface Told {
  readonly changeId: string;
  readonly at: Date;
  readonly kind: StoryKind;
  readonly connection?: string | null;
  readonly field?: string | null;
  readonly actor?: string | null;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Adds lines to the story of a change, in the order given. */
export async function tell(db: DbOrTx, lines: readonly Told[]): Promise<void> {
  if (lines.length === 0) return;
  await db.insert(story).values(
    lines.map((line) => ({
      changeId: line.changeId,
      at: line.at,
      kind: line.kind,
      connection: line.connection ?? null,
      field: line.field ?? null,
      actor: line.actor ?? null,
      data: { ...line.data },
    })),
  );
}

/** The open change of a record, or a new one: newer observations join the change that is open. */
export async function openChange(
  db: DbOrTx,
  input: {
    recordId: string;
    flow: string;
    subject: string;
    runId: number | null;
    agreementVersion: number;
    now: Date;
  },
): Promise<Change> {
  const [open] = await db
    .select()
    .from(changes)
    .where(and(eq(changes.recordId, input.recordId), isNull(changes.closedAt)));
  if (open) return open;
  const [made] = await db
    .insert(changes)
    .values({
      id: await nextCorrelationId(db),
      flow: input.flow,
      recordId: input.recordId,
      subject: input.subject,
      state: 'open',
      revision: 1,
      openedAt: input.now,
      updatedAt: input.now,
      runId: input.runId,
      agreementVersion: input.agreementVersion,
    })
    .returning();
  if (!made) throw new Error(`no change could be opened for record ${input.recordId}`);
  return made;
}

export interface ChangeMove {
  readonly state: Change['state'];
  readonly hold?: Change['hold'];
  readonly holdDetail?: string | null;
  readonly now: Date;
}

/** Moves a change to a state and raises its revision; `settled` and `withdrawn` close it. Returns it as it is now. */
export async function moveChange(db: DbOrTx, id: string, move: ChangeMove): Promise<Change> {
  const closes = move.state === 'settled' || move.state === 'withdrawn';
  const [moved] = await db
    .update(changes)
    .set({
      state: move.state,
      hold: move.hold ?? null,
      holdDetail: move.holdDetail ?? null,
      revision: sql`${changes.revision} + 1`,
      updatedAt: move.now,
      closedAt: closes ? move.now : null,
    })
    .where(eq(changes.id, id))
    .returning();
  if (!moved) throw new Error(`change ${id} is gone`);
  return moved;
}
