import {
  and,
  asc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lte,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm';
import type { Db, DbOrTx } from '../db.ts';
import type { ChangeState, HoldReason } from '../tables/changes.ts';
import { changes } from '../tables/index.ts';
import type { Change } from './changes.ts';
import { reopenChange } from './reprocess.ts';

/** Which changes of a flow are run again at once: what failed, what waits, or whatever moved in a stretch of time. */
export interface ManyMeant {
  readonly flow: string;
  readonly what: 'failed' | 'waiting' | 'all';
  /** From when on they last moved; null = ever. */
  readonly since: Date | null;
  /** What moves after this is not meant: it was not there when somebody looked. */
  readonly until: Date;
}

export interface ManyPreview {
  readonly total: number;
  readonly parts: readonly {
    readonly state: ChangeState;
    readonly hold: HoldReason | null;
    readonly n: number;
  }[];
  /** At most five. */
  readonly titles: readonly string[];
}

/** A person has been asked about these: running them again would only take the question away. */
const asked: HoldReason[] = ['first_load', 'safety_stop', 'gone', 'maybe_same', 'rolled_back'];
/** As many are opened in one transaction. */
const chunk = 100;

function meant({ flow, what, since, until }: ManyMeant): SQL | undefined {
  const open = and(
    isNull(changes.closedAt),
    or(
      eq(changes.state, 'failed'),
      what === 'failed'
        ? undefined
        : and(eq(changes.state, 'held'), or(isNull(changes.hold), notInArray(changes.hold, asked))),
    ),
  );
  const which = {
    failed: and(open, eq(changes.state, 'failed')),
    waiting: and(open, eq(changes.state, 'held')),
    all: or(open, isNotNull(changes.closedAt)),
  }[what];
  return and(
    eq(changes.flow, flow),
    which,
    lte(changes.updatedAt, until),
    since ? gte(changes.updatedAt, since) : undefined,
  );
}

/** How many changes are meant, and which, without doing anything. */
export async function previewMany(db: DbOrTx, many: ManyMeant): Promise<ManyPreview> {
  const parts = await db
    .select({ state: changes.state, hold: changes.hold, n: sql<number>`count(*)::int` })
    .from(changes)
    .where(meant(many))
    .groupBy(changes.state, changes.hold)
    .orderBy(changes.state, changes.hold);
  const titles = await db
    .select({ title: changes.subject })
    .from(changes)
    .where(meant(many))
    .orderBy(asc(changes.openedAt), asc(changes.id))
    .limit(5);
  return { total: parts.reduce((sum, { n }) => sum + n, 0), parts, titles: titles.map(({ title }) => title) };
}

/**
 * Opens them for a fresh compare, oldest first, a hundred at a time: each once, whoever else presses. A change that is closed stays
 * so: its record is read again, and a difference makes a new one. Returns how many.
 */
export async function reopenMany(
  db: Db,
  many: ManyMeant,
  { by, now }: { by: string; now: Date },
): Promise<number> {
  const rows = await db
    .select({ id: changes.id })
    .from(changes)
    .where(meant(many))
    .orderBy(asc(changes.openedAt), asc(changes.id));
  let opened = 0;
  for (let at = 0; at < rows.length; at += chunk) {
    const ids = rows.slice(at, at + chunk).map(({ id }) => id);
    opened += await db.transaction(async (tx) => {
      const locked: Change[] = await tx
        .select()
        .from(changes)
        .where(and(inArray(changes.id, ids), meant(many)))
        .orderBy(asc(changes.id))
        .for('update');
      for (const change of locked) await reopenChange(tx, change, { by, now });
      return locked.length;
    });
  }
  return opened;
}
