import type { ActiveAgreement } from '../agreement/agreement.ts';
import { callsOf, noteCall, wasCalled } from '../ledger/alerts/interruptions.ts';
import type { DbOrTx } from '../ledger/db.ts';
import { addresseeOf } from './addressee.ts';
import { type Call, type CallKind, type Interruption, interrupt } from './interrupt.ts';

export interface Calling {
  /** Slack user id, or that of a user group. */
  readonly person: string;
  /** What would call them; the same key again gets the answer that it got. */
  readonly key: string;
  readonly kind: CallKind;
  readonly cause: string;
  readonly flow: string;
  readonly now: Date;
}

/** Longer than a local day, and the quiet hour. */
const rememberedMs = 26 * 3_600_000;

/** Asks {@link interrupt} whether somebody is called now, and writes down that they were. */
export async function mayCall(
  db: DbOrTx,
  agreement: ActiveAgreement,
  { person, key, kind, cause, flow, now }: Calling,
): Promise<Interruption> {
  if (await wasCalled(db, { key, person })) return { kind: 'now' };
  const before = (await callsOf(db, person, new Date(now.getTime() - rememberedMs))) as Call[];
  const urgent = agreement.flows[flow]?.urgent ?? false;
  const addressee = await addresseeOf(db, agreement, person);
  const answer = interrupt(addressee, { kind, cause, urgent, before }, now);
  if (answer.kind === 'now') await noteCall(db, { key, person, flow, kind, cause, at: now });
  return answer;
}

/** Those of these people who are called now. */
export async function calledNow(
  db: DbOrTx,
  agreement: ActiveAgreement,
  { people, ...call }: Omit<Calling, 'person'> & { readonly people: readonly string[] },
): Promise<string[]> {
  const called: string[] = [];
  for (const person of new Set(people))
    if ((await mayCall(db, agreement, { ...call, person })).kind === 'now') called.push(person);
  return called;
}
