import type { FieldTerms } from '../agreement/agreement.ts';
import { type Field, type FieldValue, same } from '../entities/field.ts';
import type { FieldView, Participant } from './compare.ts';

/** A value that people may choose, and who holds it. The ledger stores it as it is. */
export interface Option {
  readonly connection: string;
  readonly value: FieldValue | null;
  readonly asAgreed: boolean;
  readonly changedAt: string | null;
  readonly changedBy: string | null;
}

/** What the ledger knows of a field before this comparison. */
export interface FieldHistory {
  /** The value last settled; undefined = never agreed (first load). */
  readonly agreed: FieldValue | null | undefined;
  /** Decided, but not yet confirmed by every system. */
  readonly pending: { readonly value: FieldValue | null; readonly by: string } | null;
  /** The open question to a person, if any. */
  readonly question: {
    readonly options: readonly Option[];
    readonly deadline: Date | null;
    readonly fallback: 'keep' | 'owner_wins' | 'hold';
  } | null;
  /** How often this very value was put back within a day. */
  readonly putBacks: number;
}

/** One step for one field. `nothing` means: as agreed, or already under way. */
export type Step =
  | { readonly kind: 'nothing' }
  /** Every system holds it: no write is needed. */
  | { readonly kind: 'agree'; readonly value: FieldValue | null; readonly by: string }
  /** Bring this value to every system that does not hold it. `putBack` = a change elsewhere is undone by this. */
  | {
      readonly kind: 'bring';
      readonly value: FieldValue | null;
      readonly by: string;
      readonly putBack: boolean;
    }
  | { readonly kind: 'ask'; readonly options: readonly Option[]; readonly agreedBefore: FieldValue | null }
  /** The values of an open question moved. */
  | { readonly kind: 'move'; readonly options: readonly Option[] }
  | { readonly kind: 'withdraw'; readonly value: FieldValue | null }
  | { readonly kind: 'expire'; readonly value: FieldValue | null | undefined }
  | { readonly kind: 'hold'; readonly reason: 'first_load' | 'tug_of_war' };

export interface DecideContext {
  readonly terms: FieldTerms;
  /** What a system can hold of a value; less than the value itself is a declared loss and no difference. */
  readonly project: (connection: string, field: string, value: FieldValue | null) => FieldValue | null;
  readonly firstLoadApproved: boolean;
  readonly now: Date;
}

const nothing: Step = { kind: 'nothing' };
/** The same value put back this often within a day means that something else keeps writing there. */
const tugOfWarAfter = 3;

/**
 * What is to happen with one field of one record, from what the systems hold, what was agreed, and the rule. Pure: time and
 * history come in, a step goes out. See the promises 2 to 5 and 7 in the docs.
 */
export function decideField(view: FieldView, history: FieldHistory, context: DecideContext): Step {
  const { field, participants } = view;
  if (participants.length === 0) return nothing;
  const holds = (p: Participant, value: FieldValue | null) =>
    same(field, p.value, context.project(p.connection, field.name, value));
  if (history.question) return decideOpenQuestion(view, history.question, history, context, holds);
  if (history.pending) return decidePending(view, history.pending, history, context, holds);
  const shared = sharedValue(participants, context, holds);
  if (shared !== undefined) return agreeOn(shared, history, field);
  if (history.agreed === undefined) return decideFirstLoad(view, context);
  return decideChanged(view, history.agreed, history, context, holds);
}

type Holds = (participant: Participant, value: FieldValue | null) => boolean;

/** The value that every system holds, as far as each can; undefined where they are apart. The fullest form wins, the owner's first. */
function sharedValue(
  participants: readonly Participant[],
  { terms }: DecideContext,
  holds: Holds,
): FieldValue | null | undefined {
  const byOwner = [...participants].sort(
    (a, b) => Number(b.connection === terms.systemOfRecord) - Number(a.connection === terms.systemOfRecord),
  );
  return byOwner.find((candidate) => participants.every((p) => holds(p, candidate.value)))?.value;
}

function agreeOn(value: FieldValue | null, { agreed }: FieldHistory, field: Field): Step {
  return agreed !== undefined && same(field, agreed, value) ? nothing : { kind: 'agree', value, by: 'same' };
}

function decideOpenQuestion(
  view: FieldView,
  question: NonNullable<FieldHistory['question']>,
  history: FieldHistory,
  context: DecideContext,
  holds: Holds,
): Step {
  const shared = sharedValue(view.participants, context, holds);
  if (shared !== undefined) return { kind: 'withdraw', value: shared };
  if (question.deadline && context.now >= question.deadline && question.fallback !== 'hold') {
    const owner = ownerOf(view, context.terms);
    return { kind: 'expire', value: question.fallback === 'owner_wins' && owner ? owner.value : undefined };
  }
  const options = optionsOf(view, history.agreed ?? null, holds);
  return sameOptions(view.field, options, question.options) ? nothing : { kind: 'move', options };
}

/** Under way already, unless a system moved to something else meanwhile. What a person decided is never overruled silently. */
function decidePending(
  view: FieldView,
  pending: NonNullable<FieldHistory['pending']>,
  history: FieldHistory,
  context: DecideContext,
  holds: Holds,
): Step {
  const movers = view.participants.filter((p) => p.changed && !holds(p, pending.value));
  if (movers.length === 0) return nothing;
  const ask = (agreedBefore: FieldValue | null): Step => ({
    kind: 'ask',
    options: optionsOf(view, agreedBefore, holds),
    agreedBefore,
  });
  const decidedByPerson = !pending.by.startsWith('rule:');
  if (decidedByPerson) return ask(pending.value);
  if (context.terms.rule !== 'review')
    return decideChanged(view, pending.value, { ...history, putBacks: 0 }, context, holds);
  const before = history.agreed ?? null;
  const stands = view.participants.some((p) => holds(p, pending.value) && !holds(p, before));
  // Changed apart since they last agreed: which of them was read first decides nothing.
  if (stands) return ask(before);
  // Whoever brought it has changed their mind.
  return history.agreed === undefined
    ? decideFirstLoad(view, context)
    : decideChanged(view, before, history, context, holds);
}

/** Nothing was ever agreed. Blanks are filled from the owner only; what is apart goes by the rule; nothing before the owner approved the counts. */
function decideFirstLoad(view: FieldView, context: DecideContext): Step {
  if (!context.firstLoadApproved) return { kind: 'hold', reason: 'first_load' };
  const { terms } = context;
  const owner = ownerOf(view, terms);
  const others = view.participants.filter((p) => p !== owner && p.value !== null);
  if (
    owner?.value != null &&
    (others.length === 0 || others.every((p) => same(view.field, p.value, owner.value)))
  ) {
    return { kind: 'bring', value: owner.value, by: 'rule:first_load', putBack: false };
  }
  const ownerDecides = terms.rule === 'overwrite' || terms.rule === 'read_only';
  if (ownerDecides && owner?.value != null)
    return { kind: 'bring', value: owner.value, by: `rule:${terms.rule}`, putBack: false };
  return { kind: 'ask', options: optionsOf(view, null, () => false), agreedBefore: null };
}

function decideChanged(
  view: FieldView,
  agreed: FieldValue | null,
  history: FieldHistory,
  context: DecideContext,
  holds: Holds,
): Step {
  const { field } = view;
  const { rule } = context.terms;
  const movers = view.participants.filter((p) => (p.changed || p.isNew) && !holds(p, agreed));
  const arrivals = movers.filter((p) => p.isNew && p.value === null);
  const changed = movers.filter((p) => !arrivals.includes(p));
  if (changed.length === 0) {
    // A newly linked system that has nothing yet is filled with what is agreed.
    return arrivals.length > 0
      ? { kind: 'bring', value: agreed, by: 'rule:agreed', putBack: false }
      : nothing;
  }
  const first = changed[0] as Participant;
  const together = changed.every((p) => same(field, p.value, first.value));
  if (rule === 'overwrite' || rule === 'read_only') return ownerDecides(changed, agreed, history, context);
  if (rule === 'latest')
    return { kind: 'bring', value: latestOf(changed).value, by: 'rule:latest', putBack: false };
  if (rule === 'review' && together && !changed.some((p) => p.isNew)) {
    return { kind: 'bring', value: first.value, by: 'rule:review', putBack: false };
  }
  return { kind: 'ask', options: optionsOf(view, agreed, holds), agreedBefore: agreed };
}

/** The owner's value goes everywhere; where only others changed, that is the agreed one, put back. */
function ownerDecides(
  changed: readonly Participant[],
  agreed: FieldValue | null,
  history: FieldHistory,
  { terms }: DecideContext,
): Step {
  const owner = changed.find((p) => p.connection === terms.systemOfRecord);
  if (owner) return { kind: 'bring', value: owner.value, by: `rule:${terms.rule}`, putBack: false };
  if (history.putBacks >= tugOfWarAfter) return { kind: 'hold', reason: 'tug_of_war' };
  return { kind: 'bring', value: agreed, by: `rule:${terms.rule}`, putBack: true };
}

function latestOf(changed: readonly Participant[]): Participant {
  return changed.reduce((latest, p) => ((p.changedAt ?? '') > (latest.changedAt ?? '') ? p : latest));
}

function ownerOf(view: FieldView, terms: FieldTerms): Participant | undefined {
  return view.participants.find((p) => p.connection === terms.systemOfRecord);
}

function optionsOf(view: FieldView, agreed: FieldValue | null, holds: Holds): Option[] {
  return view.participants.map((p) => {
    const asAgreed = holds(p, agreed);
    return {
      connection: p.connection,
      value: p.value,
      asAgreed,
      changedAt: asAgreed ? null : p.changedAt,
      changedBy: asAgreed ? null : p.changedBy,
    };
  });
}

function sameOptions(field: Field, a: readonly Option[], b: readonly Option[]): boolean {
  return (
    a.length === b.length &&
    a.every((option) => {
      const other = b.find((candidate) => candidate.connection === option.connection);
      return other !== undefined && same(field, option.value, other.value);
    })
  );
}
