import { and, asc, eq } from 'drizzle-orm';
import type { Flow } from '../../agreement/agreement.ts';
import { openProposal } from '../agreement/agreements.ts';
import { type OwnerRole, wordOf, wordsFor } from '../agreement/proposals.ts';
import type { DbOrTx } from '../db.ts';
import { outboxRow } from '../posts/outbox-sending.ts';
import { askedAbsences } from '../records/absences.ts';
import { isFirstLoadApproved } from '../runs/runs.ts';
import { likenesses } from '../tables/index.ts';
import { likenessSubject } from './likenesses.ts';

/** What a flow waits for an answer to, beside choices between values. */
export type OpenAsk = {
  readonly since: Date;
  /** The outbox keys of the messages that ask, the oldest first; not all of them need be posted. */
  readonly cards: readonly string[];
} & (
  | { readonly kind: 'agreement'; readonly version: number; readonly waitsFor: readonly OwnerRole[] }
  | { readonly kind: 'first_load' }
  | { readonly kind: 'same' | 'gone'; readonly n: number }
);

/** All that a flow asks people beside choices between values. */
export async function openAsks(db: DbOrTx, { id: flow }: Pick<Flow, 'id'>): Promise<OpenAsk[]> {
  const asks = [
    await proposalAsk(db, flow),
    await firstLoadAsk(db, flow),
    await sameAsk(db, flow),
    await goneAsk(db, flow),
  ];
  return asks.flatMap((ask) => ask ?? []);
}

async function proposalAsk(db: DbOrTx, flow: string): Promise<OpenAsk | null> {
  const proposal = await openProposal(db);
  if (!proposal) return null;
  const left = wordsFor(proposal).filter((word) => word.flow === flow && !wordOf(proposal, word));
  if (left.length === 0) return null;
  const { version, importedAt: since } = proposal;
  const waitsFor = left.map(({ as }) => as);
  return { kind: 'agreement', version, waitsFor, since, cards: [`card:agreement:${version}/${flow}`] };
}

async function firstLoadAsk(db: DbOrTx, flow: string): Promise<OpenAsk | null> {
  const key = `card:first_load:${flow}`;
  const card = await outboxRow(db, key);
  if (!card || (await isFirstLoadApproved(db, flow))) return null;
  return { kind: 'first_load', since: card.createdAt, cards: [key] };
}

async function sameAsk(db: DbOrTx, flow: string): Promise<OpenAsk | null> {
  const open = await db
    .select({ id: likenesses.id, askedAt: likenesses.askedAt })
    .from(likenesses)
    .where(and(eq(likenesses.flow, flow), eq(likenesses.state, 'open')))
    .orderBy(asc(likenesses.askedAt), asc(likenesses.id));
  const [first] = open;
  if (!first) return null;
  const cards = open.map(({ id }) => `card:${likenessSubject(id)}`);
  return { kind: 'same', n: open.length, since: first.askedAt, cards };
}

async function goneAsk(db: DbOrTx, flow: string): Promise<OpenAsk | null> {
  const asked = await askedAbsences(db, flow);
  const [first] = asked;
  if (!first) return null;
  const cards = asked.map(({ id }) => `card:gone:${id}`);
  return { kind: 'gone', n: asked.length, since: first.confirmedAt ?? first.since, cards };
}
