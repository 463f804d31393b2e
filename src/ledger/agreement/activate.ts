import { and, eq, inArray } from 'drizzle-orm';
import type { ActiveAgreement } from '../../agreement/agreement.ts';
import { differencesOf, endedFlows } from '../../agreement/differences.ts';
import type { DbOrTx, Tx } from '../db.ts';
import { announceCard, rank } from '../posts/outbox.ts';
import { endFlow } from '../runs/end-flow.ts';
import { firstLoadFact } from '../runs/runs.ts';
import { agreementVersions, cursors, facts } from '../tables/index.ts';

/** Says in the channel of each flow that a version sets apart, or did when people were asked, what has become of it. */
export async function announceAgreement(
  db: DbOrTx,
  { version, preview }: Pick<typeof agreementVersions.$inferSelect, 'version' | 'preview'>,
  now: Date,
  before?: Pick<typeof agreementVersions.$inferSelect, 'preview'>,
): Promise<void> {
  const flows = new Set([...Object.keys(preview?.flows ?? {}), ...Object.keys(before?.preview?.flows ?? {})]);
  for (const flow of flows) await announceFor(db, version, flow, now);
}

const announceFor = (db: DbOrTx, version: number, flow: string, now: Date): Promise<void> =>
  announceCard(db, { subject: `agreement:${version}/${flow}`, flow, rank: rank.decision, now });

export interface Activation {
  /** What counted until now; null for the first agreement. */
  readonly from: ActiveAgreement | null;
  readonly to: ActiveAgreement;
  /** Who gave the last approval; left out where nobody had to be asked. */
  readonly by?: string;
  readonly now: Date;
}

/**
 * Makes a version the one that counts, for all replicas. What is open of a flow that it ends is withdrawn; of each other flow
 * that it decides otherwise the next run looks at every record anew before it writes (see {@link toFollow}). The caller holds
 * the lock on the table.
 */
export async function activate(tx: Tx, { from, to, by, now }: Activation): Promise<void> {
  // First of all: a run of an ended flow that is under way lets its lease go before anything of it is withdrawn.
  for (const flow of from ? endedFlows(from, to) : [])
    await endFlow(tx, {
      flow: flow.id,
      reason: `version ${to.version} of the agreement ends this sync`,
      now,
    });
  await tx
    .update(agreementVersions)
    .set({ active: false, state: 'replaced' })
    .where(eq(agreementVersions.active, true));
  await tx
    .update(agreementVersions)
    .set({ active: true, state: 'active', ...(by ? { decidedBy: by, decidedAt: now } : {}) })
    .where(eq(agreementVersions.version, to.version));
  if (!from) return;
  const differences = differencesOf(from, to);
  for (const [flow, { readsAnew }] of differences) await readAnew(tx, flow, readsAnew);
  const loaded = await loadedFlows(tx, [...differences.keys()]);
  for (const flow of loaded) {
    await remember(tx, flow, { from: from.version, to: to.version }, now);
    await announceFor(tx, to.version, flow, now);
  }
}

/** What a connection says of records that nobody touches is otherwise from now on: all of it is read again. */
async function readAnew(tx: Tx, flow: string, connections: readonly string[]): Promise<void> {
  if (connections.length > 0)
    await tx
      .delete(cursors)
      .where(and(eq(cursors.flow, flow), inArray(cursors.connection, [...connections])));
}

/** Of these flows, those whose first load was approved: the others ask that with what they then find. */
export async function loadedFlows(db: DbOrTx, flows: readonly string[]): Promise<string[]> {
  if (flows.length === 0) return [];
  const names = new Map(flows.map((flow) => [firstLoadFact(flow), flow]));
  const rows = await db
    .select({ name: facts.name })
    .from(facts)
    .where(inArray(facts.name, [...names.keys()]));
  return rows.flatMap(({ name }) => names.get(name) ?? []);
}

/** From which version on a flow's records have not been looked at under the active one. */
export interface ToFollow {
  readonly from: number;
  readonly to: number;
}

const followFact = (flow: string) => `agreement_to_follow:${flow}`;

/** Versions that come one after the other before any run looked are followed together, from the oldest. */
async function remember(tx: Tx, flow: string, { from, to }: ToFollow, now: Date): Promise<void> {
  const value: ToFollow = { from: (await toFollow(tx, flow))?.from ?? from, to };
  await tx
    .insert(facts)
    .values({ name: followFact(flow), value, at: now })
    .onConflictDoUpdate({ target: facts.name, set: { value, at: now } });
}

/** What a flow's next run has to follow before it writes; null where nothing. */
export async function toFollow(db: DbOrTx, flow: string): Promise<ToFollow | null> {
  const [row] = await db
    .select()
    .from(facts)
    .where(eq(facts.name, followFact(flow)));
  return (row?.value as ToFollow | undefined) ?? null;
}

/** Every record of the flow was looked at under this version. */
export async function hasFollowed(tx: Tx, flow: string, version: number): Promise<void> {
  if ((await toFollow(tx, flow))?.to === version)
    await tx.delete(facts).where(eq(facts.name, followFact(flow)));
}
