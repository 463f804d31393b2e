import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import { nextCorrelationIds } from '../correlation-id.ts';
import type { DbOrTx } from '../db.ts';
import { among, insertMany } from '../many.ts';
import { type NamedRecord, withoutNames } from '../sealing/named-records.ts';
import { closeStory } from '../sealing/story-values.ts';
import type { StoryKind } from '../tables/changes.ts';
import { changes, story } from '../tables/index.ts';

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
  /** Of what is told; where it is known, it need not be looked up. */
  readonly recordId?: string;
  /** Other records that `reason` and `detail` name: they are kept by their ids. */
  readonly others?: readonly NamedRecord[];
}

/** Adds lines to the story of a change, or of many, in the order given. */
export async function tell(db: DbOrTx, lines: readonly Told[]): Promise<void> {
  if (lines.length === 0) return;
  const nameless = lines.map((line) => ({ ...line, data: withoutNames(line.data ?? {}, line.others ?? []) }));
  const told = await closeStory(db, nameless);
  const rows = told.map(({ changeId, at, kind, connection, field, actor, data }) => ({
    changeId,
    at,
    kind,
    connection: connection ?? null,
    field: field ?? null,
    actor: actor ?? null,
    data,
  }));
  await db.execute(insertMany(story, rows));
}

/** Whose change, of what, found by which run. */
export interface Opening {
  readonly recordId: string;
  readonly flow: string;
  readonly subject: string;
  readonly runId: number | null;
  readonly agreementVersion: number;
  readonly now: Date;
}

/** The open change of a record in a flow, or a new one: newer observations join the change that is open. */
export async function openChange(db: DbOrTx, opening: Opening): Promise<Change> {
  const change = (await openChanges(db, [opening])).get(opening.recordId);
  if (!change) throw new Error(`no change could be opened for record ${opening.recordId}`);
  return change;
}

/** As {@link openChange}, for many records of one flow at once: by record. */
export async function openChanges(db: DbOrTx, openings: readonly Opening[]): Promise<Map<string, Change>> {
  if (openings.length === 0) return new Map();
  const ids = openings.map((one) => one.recordId);
  const flows = [...new Set(openings.map((one) => one.flow))];
  const open = await db
    .select()
    .from(changes)
    .where(and(among(changes.recordId, ids), inArray(changes.flow, flows), isNull(changes.closedAt)));
  const known = new Set(open.map((change) => change.recordId));
  const missing = openings.filter((one) => !known.has(one.recordId));
  const made = missing.length > 0 ? await makeChanges(db, missing) : [];
  return new Map([...open, ...made].flatMap((one) => (one.recordId ? [[one.recordId, one] as const] : [])));
}

async function makeChanges(db: DbOrTx, openings: readonly Opening[]): Promise<Change[]> {
  const ids = await nextCorrelationIds(db, openings.length);
  const rows = openings.map(({ now, ...opening }, i) => ({
    ...opening,
    id: ids[i] as string,
    state: 'open' as const,
    revision: 1,
    openedAt: now,
    updatedAt: now,
  }));
  await db.execute(insertMany(changes, rows));
  return db.select().from(changes).where(among(changes.id, ids));
}

export interface ChangeMove {
  readonly state: Change['state'];
  readonly hold?: Change['hold'];
  readonly holdDetail?: string | null;
  readonly now: Date;
}

/** Moves a change to a state and raises its revision; `settled` and `withdrawn` close it. Returns it as it is now. */
export async function moveChange(db: DbOrTx, id: string, move: ChangeMove): Promise<Change> {
  await moveChanges(db, [{ id, ...move }]);
  const [moved] = await db.select().from(changes).where(eq(changes.id, id));
  if (!moved) throw new Error(`change ${id} is gone`);
  return moved;
}

/** As {@link moveChange}, for many at once, each named no more than once. */
export async function moveChanges(
  db: DbOrTx,
  moves: readonly (ChangeMove & { readonly id: string })[],
): Promise<void> {
  if (moves.length === 0) return;
  const rows = moves.map(({ id, state, hold, holdDetail, now }) => ({
    id,
    state,
    hold,
    hold_detail: holdDetail,
    now,
    closed_at: state === 'settled' || state === 'withdrawn' ? now : null,
  }));
  await db.execute(sql`
    update ${changes} c set state = m.state, hold = m.hold, hold_detail = m.hold_detail, revision = c.revision + 1,
      updated_at = m.now, closed_at = m.closed_at
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as m(
      id text, state text, hold text, hold_detail text, now timestamptz, closed_at timestamptz)
    where c.id = m.id`);
}
