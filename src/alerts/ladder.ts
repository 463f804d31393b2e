import type { Escalation, Flow } from '../agreement/agreement.ts';
import { type Workday, workAfter } from './hours.ts';

/** How far the search for somebody who takes a problem on has come. */
export interface Search {
  /** Since when somebody is looked for. */
  readonly openSince: Date;
  /** When the technical owner was called; null = not yet. */
  readonly calledAt: Date | null;
  /** Steps of the ladder that were taken. */
  readonly rung: number;
}

export type Step =
  /** The technical owner has not been called yet: it came outside working hours, or they had been called enough. */
  | { readonly kind: 'call'; readonly at: Date }
  | { readonly kind: 'escalate'; readonly at: Date; readonly ask: Escalation['ask'] };

/** A problem that called nobody when it opened is no short one after so many minutes. */
const lastsMinutes = 15;

/** What is done next to find somebody, and when; null at the end of the ladder. Pure. */
export function nextStep(
  { openSince, calledAt, rung }: Search,
  { escalate, urgent }: Pick<Flow, 'escalate' | 'urgent'>,
  workday: Workday,
): Step | null {
  const after = (minutes: number) =>
    urgent ? new Date(openSince.getTime() + minutes * 60_000) : workAfter(workday, openSince, minutes);
  const wasOutside = after(0).getTime() > openSince.getTime();
  const call: Step | null = calledAt ? null : { kind: 'call', at: after(wasOutside ? 0 : lastsMinutes) };
  const step = escalate[rung];
  const next: Step | null = step ? { kind: 'escalate', at: after(step.afterMinutes), ask: step.ask } : null;
  if (!call || !next) return call ?? next;
  return call.at <= next.at ? call : next;
}
