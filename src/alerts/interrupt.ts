import { isWorking, slotAfter, slotBefore, slotsLeft, startOfDay, type Workday } from './hours.ts';

/** Why somebody might be called. */
export type CallKind =
  /** What waits for them, at nine and at two. */
  | 'digest'
  /** One of their decisions could not be saved, a problem opened or came back. */
  | 'not_saved'
  | 'problem'
  /** A problem that lasts and that nobody has taken on; the ladder of those who are asked then. */
  | 'unclaimed'
  /** Someone gave the first approval; a limit that ends before the next slot; more money than the flow lets wait. */
  | 'second_approval'
  | 'limit'
  | 'money'
  /** Nothing can be said in the channel. */
  | 'room'
  /** It answers what this person has just done. */
  | 'answer';

/** One call that was made. */
export interface Call {
  readonly kind: CallKind;
  readonly cause: string;
  readonly at: Date;
}

export interface CallFacts {
  readonly kind: CallKind;
  /** What makes two calls the same: `incident:118`, `digest`. */
  readonly cause: string;
  /** The agreement lets it call people at any hour. */
  readonly urgent?: boolean;
  /** Calls of this person in the last day and an hour, and more. */
  readonly before: readonly Call[];
}

export interface Addressee {
  readonly slack: string;
  readonly workday: Workday;
  /** Whether what is urgent may call them outside working hours; left out = it may. */
  readonly outside?: 'urgent' | 'never';
}

export type Interruption =
  | { readonly kind: 'now' }
  /** It is said without calling anybody; they are told at the next slot. */
  | { readonly kind: 'later'; readonly because: 'lately' | 'hours' | 'enough' | 'slot'; readonly at: Date };

/** For one cause nobody is called twice within this time, in ms. */
export const quietMs = 3_600_000;
/** A slot that Truce could not keep is worth keeping for so long, in ms. */
export const slotLateMs = 2 * 3_600_000;
/** Calls of one person in a day, beside those that cannot wait for a slot. */
export const enough = 3;

/** What cannot wait for a slot, however often it comes. */
const atOnce: ReadonlySet<CallKind> = new Set(['unclaimed', 'second_approval', 'limit', 'money', 'room']);
/** What is urgent and nobody else answers calls whoever wants to be left alone outside working hours, too. */
const nobodyElse: ReadonlySet<CallKind> = new Set(['unclaimed', 'room']);
/** What counts towards what is enough for a day. */
const ordinary: ReadonlySet<CallKind> = new Set(['digest', 'not_saved', 'problem']);

/**
 * Whether somebody is called now: by a mention, a broadcast or a direct message. Nothing else decides it. What is not called out
 * stands in the channel all the same, and is told at the next slot if it is open still. Pure.
 */
export function interrupt(person: Addressee, facts: CallFacts, now: Date): Interruption {
  const { workday } = person;
  const later = (because: 'lately' | 'hours' | 'enough' | 'slot'): Interruption => ({
    kind: 'later',
    because,
    at: slotAfter(workday, now),
  });
  if (facts.kind === 'answer') return { kind: 'now' };
  if (facts.kind === 'digest') return dueSlot(person, facts, now) ? { kind: 'now' } : later('slot');
  const lately = facts.before.some(
    ({ cause, at }) => cause === facts.cause && now.getTime() - at.getTime() < quietMs,
  );
  if (lately) return later('lately');
  if (facts.urgent && (person.outside !== 'never' || nobodyElse.has(facts.kind))) return { kind: 'now' };
  if (!isWorking(workday, now)) return later('hours');
  if (atOnce.has(facts.kind)) return { kind: 'now' };
  const today = startOfDay(workday, now);
  const had = facts.before.filter(({ kind, at }) => ordinary.has(kind) && at >= today).length;
  const slots = slotsLeft(workday, now) + (dueSlot(person, facts, now) ? 1 : 0);
  return had + slots < enough ? { kind: 'now' } : later('enough');
}

/** The slot at which somebody is to be told now what waits for them; null where none is due, or it was kept. Pure. */
export function dueSlot(
  { workday }: Addressee,
  { before }: Pick<CallFacts, 'before'>,
  now: Date,
): Date | null {
  const slot = slotBefore(workday, now);
  if (!slot || now.getTime() - slot.getTime() > slotLateMs) return null;
  return before.some(({ kind, at }) => kind === 'digest' && at >= slot) ? null : slot;
}
