import type { FieldTerms } from '../agreement/agreement.ts';
import { type Field, type FieldValue, same } from '../entities/field.ts';
import type { FieldView, Participant } from './compare.ts';
import type { DecideContext, FieldHistory, Step } from './decide-step.ts';
import { awayWith, type Holds, optionsOf, sameOptions } from './deciding/options.ts';
import { comparedAnew, staysAside } from './rolling-back/put-aside.ts';

const nothing: Step = { kind: 'nothing' };
const aside: Step = { kind: 'nothing', isAside: true };
/** The same value put back this often within a day means that something else keeps writing there. */
const tugOfWarAfter = 3;

/**
 * What is to happen with one field of one record, from what the systems hold, what was agreed, and the rule. Pure: time and
 * history come in, a step goes out. See the promises 2 to 5 and 7 in the docs.
 */
export function decideField(view: FieldView, history: FieldHistory, context: DecideContext): Step {
  const { field } = view;
  const participants = counted(view.participants, context.terms);
  if (participants.length === 0) return history.putAside ? aside : nothing;
  const heard = { field, participants };
  const holds = (p: Participant, value: FieldValue | null) =>
    same(field, p.value, context.project(p.connection, field.name, value));
  if (history.question) return decideOpenQuestion(heard, history.question, history, context, holds);
  if (history.pending) return decidePending(heard, history.pending, history, context, holds);
  const shared = sharedValue(participants, history.agreed, context, holds);
  if (shared !== undefined) return agreeOn(shared, history, field);
  if (history.putAside && staysAside(heard, history.putAside, context.terms)) return aside;
  const { agreed } = history;
  if (agreed === undefined) return decideFirstLoad(heard, history, context, holds);
  const now = history.putAside ? comparedAnew(heard, context.terms, (p) => holds(p, agreed)) : heard;
  const step = decideChanged(now, agreed, history, context, holds);
  // Nothing at all is written before the owner approved the counts, be it of a field on which the systems once agreed.
  return step.kind === 'nothing' || context.firstLoadApproved ? step : { kind: 'hold', reason: 'first_load' };
}

/**
 * A system that is only read cannot be brought into line. So it counts where it is the owner, or where it has something to bring
 * and the rule would have it heard; its blanks say nothing. Alone it is heard, for a record that is made elsewhere from it.
 */
function counted(all: readonly Participant[], { rule, systemOfRecord }: FieldTerms): readonly Participant[] {
  if (all.every((p) => p.isReadOnly)) return all;
  const isHeard = rule !== 'overwrite' && rule !== 'read_only';
  return all.filter((p) => !p.isReadOnly || p.connection === systemOfRecord || (p.value !== null && isHeard));
}

/** The value that all systems hold, as far as each can; undefined where they are apart. Pure. */
export function heldByAll(
  { field, participants }: FieldView,
  context: Pick<DecideContext, 'terms' | 'project'>,
): FieldValue | null | undefined {
  return sharedValue(counted(participants, context.terms), undefined, context, (p, value) =>
    same(field, p.value, context.project(p.connection, field.name, value)),
  );
}

/**
 * The value that every system holds, as far as each can; undefined where they are apart. What is agreed stays as it is, for no
 * system may have room for the whole of it; else the fullest form wins, the owner's first.
 */
function sharedValue(
  participants: readonly Participant[],
  agreed: FieldValue | null | undefined,
  { terms }: Pick<DecideContext, 'terms'>,
  holds: Holds,
): FieldValue | null | undefined {
  const byOwner = [...participants].sort(
    (a, b) => Number(b.connection === terms.systemOfRecord) - Number(a.connection === terms.systemOfRecord),
  );
  const voters = byOwner.filter((p) => !p.isReadOnly || p.changed || p.connection === terms.systemOfRecord);
  // What the others agree on needs no word of one that is only read, unless they have nothing at all.
  const heard = voters.some((p) => p.value !== null) ? voters : byOwner;
  if (agreed !== undefined && heard.every((p) => holds(p, agreed))) return agreed;
  return heard.find((candidate) => heard.every((p) => holds(p, candidate.value)))?.value;
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
  const shared = sharedValue(view.participants, history.agreed, context, holds);
  // What an archived record brought into the question is not forgotten: it would be written over once that is back in use.
  const isAway = (connection: string) =>
    context.archived?.has(connection) && !view.participants.some((p) => p.connection === connection);
  const away = question.options.filter((option) => !option.asAgreed && isAway(option.connection));
  const isMoot = away.every((option) => shared !== undefined && same(view.field, option.value, shared));
  if (shared !== undefined && isMoot) return { kind: 'withdraw', value: shared };
  const options = [...optionsOf(view, history.agreed ?? null, holds), ...away];
  const isShown = sameOptions(view.field, options, question.options);
  if (question.deadline && context.now >= question.deadline && question.fallback !== 'hold') {
    // A value that came too late to be shown has had no time: it is asked about anew, and neither forgotten nor written over.
    if (!isShown) return { kind: 'ask', options, agreedBefore: history.agreed ?? null };
    // What two people have to choose is never chosen by the clock, whatever was agreed when it was asked.
    const isOwners = question.fallback === 'owner_wins' && !context.terms.twoPeople;
    const owner = isOwners ? ownerOf(view, context.terms) : undefined;
    // An owner that never held a value has none to give: its blank must not empty the others.
    const gives = owner && (owner.value !== null || history.agreed !== undefined);
    return { kind: 'expire', value: gives ? owner.value : undefined };
  }
  return isShown ? nothing : { kind: 'move', options };
}

/** Under way already, unless a system moved to something else meanwhile. What a person decided is never overruled silently. */
function decidePending(
  view: FieldView,
  pending: NonNullable<FieldHistory['pending']>,
  { agreed, isAgreedUnasked = false }: FieldHistory,
  context: DecideContext,
  holds: Holds,
): Step {
  const { rule } = context.terms;
  const ask = (): Step => ({
    kind: 'ask',
    options: [
      ...optionsOf(view, agreed ?? null, agreed === undefined ? () => false : holds),
      ...awayWith(pending.value, view, context),
    ],
    agreedBefore: agreed ?? null,
  });
  // The agreement has changed since: a person decides this now.
  if (rule === 'approve' && sentUnasked.test(pending.by)) return ask();
  const isUnasked = isAgreedUnasked && pending.by === 'rule:agreed';
  const movers = view.participants.filter(
    (p) => (p.changed || (isUnasked && isOwnerBack(p, context.terms))) && !holds(p, pending.value),
  );
  if (movers.length === 0) return nothing;
  const decidedByPerson = !pending.by.startsWith('rule:');
  if (decidedByPerson)
    return { kind: 'ask', options: optionsOf(view, pending.value, holds), agreedBefore: pending.value };
  // Who had the new value and moved on goes on from it. Who had not got it yet changed apart from whoever brought it: which of
  // them was read first decides nothing.
  const apart = movers.some((p) => !holds({ ...p, value: p.before }, pending.value));
  if (apart && rule === 'latest') {
    const rivals = [...movers, ...view.participants.filter((p) => holds(p, pending.value))];
    return { kind: 'bring', value: latestOf(rivals).value, by: 'rule:latest', putBack: false };
  }
  if (rule === 'approve' || (apart && rule === 'review')) return ask();
  const since = {
    agreed: pending.value,
    isAgreedUnasked: isUnasked,
    pending: null,
    question: null,
    putBacks: 0,
  };
  return decideChanged(view, pending.value, since, context, holds);
}

/** Who let a change out without asking anybody. */
const sentUnasked = /^rule:(overwrite|read_only|review|latest)$/;

/** Nothing was ever agreed. Blanks are filled from the owner only; what is apart goes by the rule; nothing before the owner approved the counts. */
function decideFirstLoad(
  view: FieldView,
  { leftApart }: FieldHistory,
  context: DecideContext,
  holds: Holds,
): Step {
  if (!context.firstLoadApproved) return { kind: 'hold', reason: 'first_load' };
  const { terms } = context;
  const owner = ownerOf(view, terms);
  const others = view.participants.filter((p) => p !== owner && p.value !== null);
  if (owner?.value != null && others.every((p) => holds(p, owner.value))) {
    return { kind: 'bring', value: owner.value, by: 'rule:first_load', putBack: false };
  }
  const ownerDecides = terms.rule === 'overwrite' || terms.rule === 'read_only';
  if (ownerDecides && owner?.value != null)
    return { kind: 'bring', value: owner.value, by: `rule:${terms.rule}`, putBack: false };
  const options = optionsOf(view, null, () => false);
  if (leftApart && sameOptions(view.field, options, leftApart)) return nothing;
  return { kind: 'ask', options, agreedBefore: null };
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
  const movers = view.participants.filter((p) => (p.changed || p.isNew || p.isBack) && !holds(p, agreed));
  const ownerBack = history.isAgreedUnasked ? movers.find((p) => isOwnerBack(p, context.terms)) : undefined;
  const arrivals = movers.filter((p) => p !== ownerBack && (p.isNew ? p.value === null : !p.changed));
  const changed = movers.filter((p) => !arrivals.includes(p));
  if (changed.length === 0) {
    // What those in use agreed on while the others were archived has been approved by nobody.
    if (rule === 'approve' && history.isAgreedUnasked && arrivals.some((p) => p.isBack))
      return { kind: 'ask', options: optionsOf(view, agreed, holds), agreedBefore: agreed };
    // A newly linked system that has nothing yet, or one that was away and has not moved, gets what is agreed; unless values stand
    // apart because nobody chose in time: nothing is written over those, be they there still or there again.
    const isLeft = (p: Participant) =>
      history.leftApart?.some(
        (one) => one.connection === p.connection && same(field, one.value, p.value) && !holds(p, agreed),
      ) ?? false;
    return arrivals.length > 0 && !view.participants.some(isLeft)
      ? { kind: 'bring', value: agreed, by: 'rule:agreed', putBack: false }
      : nothing;
  }
  const first = changed[0] as Participant;
  const together = changed.every((p) => same(field, p.value, first.value));
  const owner = changed.find((p) => p.connection === context.terms.systemOfRecord);
  // What a newcomer brings along is not wiped by a blank: nobody ever chose that blank against it.
  const newcomers = agreed === null && !owner && changed.every((p) => p.isNew);
  if (!newcomers && (rule === 'overwrite' || rule === 'read_only'))
    return ownerDecides(owner, { view, changed, agreed, holds }, history, context);
  if (rule === 'latest')
    return { kind: 'bring', value: latestOf(changed).value, by: 'rule:latest', putBack: false };
  // Where nobody chose in time each keeps what it had: one that moves on does not decide for the others.
  const othersApart =
    history.leftApart !== undefined &&
    view.participants.some(
      (p) => !changed.includes(p) && !holds(p, agreed) && !same(field, p.value, first.value),
    );
  // What was typed into an archived record was typed beside what the others agreed on meanwhile, not after it.
  const missedIt = changed.some((p) => p.isBack && !holds({ ...p, value: p.before }, agreed));
  if (rule === 'review' && together && !othersApart && !missedIt && !changed.some((p) => p.isNew)) {
    return { kind: 'bring', value: first.value, by: 'rule:review', putBack: false };
  }
  return { kind: 'ask', options: optionsOf(view, agreed, holds), agreedBefore: agreed };
}

/**
 * Where the owner's word is the rule, what the others came to agree on while it was archived was agreed without it, and does
 * not stand against it once it is back. Only its blank says nothing.
 */
function isOwnerBack(p: Participant, { rule, systemOfRecord }: FieldTerms): boolean {
  if (rule !== 'overwrite' && rule !== 'read_only') return false;
  return p.connection === systemOfRecord && p.isBack && !p.isNew && p.value !== null;
}

interface Changed {
  readonly view: FieldView;
  readonly changed: readonly Participant[];
  readonly agreed: FieldValue | null;
  readonly holds: Holds;
}

/** The owner's value goes everywhere, and whatever else changed is put back; where only others changed, to the agreed one. */
function ownerDecides(
  owner: Participant | undefined,
  { view, changed, agreed, holds }: Changed,
  history: FieldHistory,
  { terms }: DecideContext,
): Step {
  const by = `rule:${terms.rule}`;
  if (owner) {
    // One that comes back unchanged undoes what was agreed without it, in whoever holds it.
    const others = owner.changed || owner.isNew ? changed : view.participants;
    const putBack = others.some((p) => p !== owner && !p.isNew && !holds(p, owner.value));
    return { kind: 'bring', value: owner.value, by, putBack };
  }
  if (history.isHeld || history.putBacks >= tugOfWarAfter) return { kind: 'hold', reason: 'tug_of_war' };
  return { kind: 'bring', value: agreed, by, putBack: true };
}

function latestOf(changed: readonly Participant[]): Participant {
  const at = (p: Participant) => (p.changedAt ? Date.parse(p.changedAt) : Number.NEGATIVE_INFINITY);
  return changed.reduce((latest, p) => (at(p) > at(latest) ? p : latest));
}

function ownerOf(view: FieldView, terms: FieldTerms): Participant | undefined {
  return view.participants.find((p) => p.connection === terms.systemOfRecord);
}
