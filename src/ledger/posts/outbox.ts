import { sql } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { among, insertMany } from '../many.ts';
import { outbox } from '../tables/index.ts';

/** Alerts first, then decisions, then the rest: a burst of one never delays a higher one. */
export const rank = { alert: 0, decision: 1, other: 2 } as const;

interface Announcement {
  readonly subject: string;
  readonly flow: string;
  readonly rank: number;
  readonly now: Date;
}

/**
 * Says that what a subject's message shows has changed: the message is posted if there is none, else edited. Call it in the
 * transaction that stores the fact. Any number of calls before the sender gets to it make one post or one edit.
 */
export const announceCard = (db: DbOrTx, { subject, ...rest }: Announcement): Promise<void> =>
  announceCards(db, { subjects: [subject], ...rest });

/** As {@link announceCard}, for many subjects at once. */
export async function announceCards(
  db: DbOrTx,
  { subjects, flow, rank, now }: Omit<Announcement, 'subject'> & { readonly subjects: readonly string[] },
): Promise<void> {
  if (subjects.length === 0) return;
  const rows = [...new Set(subjects)].map((subject) => ({
    key: `card:${subject}`,
    kind: 'card' as const,
    subject,
    flow,
    params: {},
    rank,
    wanted: 1,
    state: 'waiting' as const,
    notBefore: now,
    createdAt: now,
  }));
  // A post under way, or one whose outcome is unknown, keeps its state: the sender settles it first, then sees the newer number.
  await db.execute(sql`
    ${insertMany(outbox, rows)} on conflict (key) do update set wanted = ${outbox.wanted} + 1, rank = excluded.rank,
      state = case when ${outbox.state} in ('sending', 'unknown') then ${outbox.state} else 'waiting' end`);
}

/**
 * As {@link announceCards}, of what nobody needs to be told of by itself: most changes flow by their rules, and have no message. One
 * that is there is edited, or is drawn as it is by then.
 */
export async function redrawCards(db: DbOrTx, subjects: readonly string[]): Promise<void> {
  if (subjects.length === 0) return;
  const keys = [...new Set(subjects)].map((subject) => `card:${subject}`);
  await db
    .update(outbox)
    .set({
      wanted: sql`${outbox.wanted} + 1`,
      state: sql`case when ${outbox.state} in ('sending', 'unknown') then ${outbox.state} else 'waiting' end`,
    })
    .where(among(outbox.key, keys));
}

export interface Said extends Announcement {
  /** Makes it said once: the same key again changes nothing. */
  readonly key: string;
  readonly template: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Says one sentence in the thread of a subject's message, once. */
export const announceLine = (db: DbOrTx, said: Said) => announceOnce(db, 'line', said);

/** Says one sentence as a message of its own (top level, or direct where `params.to` names a person), once. */
export const announceNote = (db: DbOrTx, said: Said) => announceOnce(db, 'note', said);

async function announceOnce(
  db: DbOrTx,
  kind: 'line' | 'note',
  { key, subject, flow, template, params, rank, now }: Said,
): Promise<void> {
  await db
    .insert(outbox)
    .values({
      key: `${kind}:${key}`,
      kind,
      subject,
      flow,
      template,
      params,
      rank,
      wanted: 1,
      state: 'waiting',
      notBefore: now,
      createdAt: now,
    })
    .onConflictDoNothing();
}
