import { actingFor } from '../agreement/deputies.ts';
import type { OutboxRow } from '../ledger/posts/outbox-sending.ts';
import { incidentById } from '../ledger/records/lookup.ts';
import { type FactSources, flowOf } from './deps.ts';
import type { AlertFacts } from './messages/alert/facts.ts';
import { nothing, type Placed, split } from './placed.ts';

const lookAgainMs = 60_000;

/** Whom an alert's message and its thread are for alone: the technical owner, where its channel is what takes nothing; else null. */
export async function directlyTo(
  { db, agreement }: Pick<FactSources, 'db' | 'agreement'>,
  { kind, subject, flow }: OutboxRow,
): Promise<string | null> {
  const [what, id] = split(subject);
  if (what !== 'incident' || kind === 'note') return null;
  if ((await incidentById(db, Number(id)))?.cause !== 'room') return null;
  const technical = flowOf(agreement(), flow)?.owners.technical;
  return technical ? actingFor(technical).slack : null;
}

/** A direct message calls whoever gets it: it goes out once they may be called, and what was over by then needs none. Null = draw it. */
export function heldBack(
  { cause, called, state }: Pick<AlertFacts, 'cause' | 'called' | 'state'>,
  { ts }: Pick<OutboxRow, 'ts'>,
  now: Date,
): Placed | null {
  if (cause !== 'room' || called || ts) return null;
  const until = new Date(now.getTime() + lookAgainMs);
  return state === 'recovered' ? nothing : { kind: 'wait', reason: 'nobody is called now', until };
}
