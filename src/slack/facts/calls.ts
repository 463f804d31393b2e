import type { Flow } from '../../agreement/agreement.ts';
import { calledNow, mayCall } from '../../alerts/call.ts';
import type { OutboxRow } from '../../ledger/posts/outbox-sending.ts';
import type { FactSources } from '../deps.ts';
import { isUserId } from '../messages/text.ts';

/** Whom a sentence calls: now, nobody, or nobody before a time, where it is there to call and for nothing else. */
export type Calls =
  | { readonly kind: 'said'; readonly called: readonly string[] }
  | { readonly kind: 'wait'; readonly until: Date };

const said = (called: readonly string[]): Calls => ({ kind: 'said', called });
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/**
 * Whom a sentence calls when it is sent. What the watch says was decided in the transaction that stored it; the rest is asked of
 * the one function that decides over all calls.
 */
export async function callsOfRow(
  { db, clock, agreement }: FactSources,
  { key, template, params }: Pick<OutboxRow, 'key' | 'template' | 'params'>,
  flow: Flow,
): Promise<Calls> {
  const call = { key, flow: flow.id, now: clock.now() };
  const to = typeof params.to === 'string' && isUserId(params.to) ? params.to : null;
  if (template === 'decision_failed' && typeof params.by === 'string') {
    const about = { ...call, kind: 'not_saved' as const, cause: `not_saved:${flow.id}`, people: [params.by] };
    return said(await calledNow(db, agreement(), about));
  }
  if (template === 'second_approval') {
    const about = { ...call, kind: 'second_approval' as const, cause: `approval:${params.question}` };
    return said(await calledNow(db, agreement(), { ...about, people: texts(params.seconds) }));
  }
  if (template === 'ruling_proposed' && to) {
    const about = { ...call, kind: 'second_approval' as const, cause: `agreement:${params.version}` };
    const answer = await mayCall(db, agreement(), { ...about, person: to });
    return answer.kind === 'now' ? said([to]) : { kind: 'wait', until: answer.at };
  }
  if (template === 'doctor' && to) {
    const about = { ...call, kind: 'room' as const, cause: key, person: to };
    const answer = await mayCall(db, agreement(), about);
    return answer.kind === 'now' ? said([to]) : { kind: 'wait', until: answer.at };
  }
  if ((template === 'connected' || template === 'incident_handed_over') && to) {
    // Somebody did it just now, and it is for this person.
    const about = { ...call, kind: 'answer' as const, cause: key, people: [to] };
    return said(await calledNow(db, agreement(), about));
  }
  return said(texts(params.called));
}
