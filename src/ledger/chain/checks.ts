import { eq, inArray } from 'drizzle-orm';
import type { DbOrTx } from '../db.ts';
import { facts } from '../tables/index.ts';
import type { Fault } from '../tables/log-links.ts';
import type { Progress } from './check.ts';
import { isIn, isJudged } from './faults.ts';

/** `whole`: all of the log, once a night. `recent`: its newest part, once an hour. */
export type CheckKind = 'whole' | 'recent';

export interface Checked {
  /** What it was due at, and when it came to its end; ISO 8601. */
  readonly slot: string;
  readonly at: string;
  /** When it was begun; older versions did not say. */
  readonly began?: string;
  readonly lines: number;
  readonly faults: readonly Fault[];
  /** The link with which the chain ended then. */
  readonly end: { readonly n: number; readonly hash: string } | null;
}

export interface CheckState {
  /** The last that came to its end. */
  readonly last: Checked | null;
  /** One that is under way. */
  readonly under: { readonly slot: string; readonly began?: string; readonly progress: Progress } | null;
}

const factNames = { whole: 'log_check', recent: 'log_check_recent' } as const;
const nothing: CheckState = { last: null, under: null };

export async function checkState(db: DbOrTx, kind: CheckKind): Promise<CheckState> {
  const [fact] = await db.select().from(facts).where(eq(facts.name, factNames[kind]));
  return (fact?.value as CheckState | undefined) ?? nothing;
}

export async function keepCheckState(
  db: DbOrTx,
  kind: CheckKind,
  { value, now }: { readonly value: CheckState; readonly now: Date },
): Promise<void> {
  await db
    .insert(facts)
    .values({ name: factNames[kind], value, at: now })
    .onConflictDoUpdate({ target: facts.name, set: { value, at: now } });
}

/** The last whole check, and all that is known to be wrong: what an hourly look has found beside it as well. */
export async function lastChecked(
  db: DbOrTx,
): Promise<{ readonly whole: Checked | null; readonly faults: readonly Fault[] }> {
  const rows = await db
    .select()
    .from(facts)
    .where(inArray(facts.name, Object.values(factNames)));
  const last = (kind: CheckKind) =>
    (rows.find(({ name }) => name === factNames[kind])?.value as CheckState | undefined)?.last ?? null;
  const whole = last('whole');
  const faults = whole?.faults ?? [];
  const recent = (last('recent')?.faults ?? []).filter((one) => !isJudged(one, whole));
  return { whole, faults: [...faults, ...recent.filter((one) => !isIn(one, faults))] };
}
