import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldTerms, Rule } from '#src/agreement/agreement.ts';
import { type Field, type FieldValue, type Observed, same } from '#src/entities/field.ts';
import { compare, type FieldView, heldValue, type SystemView } from '#src/sync/compare.ts';
import { decideField } from '#src/sync/decide.ts';
import type { DecideContext, FieldHistory, Option, Step } from '#src/sync/decide-step.ts';

const field: Field = {
  name: 'email',
  label: 'E-mail',
  class: 'open',
  normal: (value) => String(value).toLowerCase(),
  show: String,
  problem: () => null,
};
const names = ['hubspot', 'xero', 'cin7-core', 'shop'] as const;
const now = new Date('2026-11-21T00:00:00Z');
type Value = string | null;

/** One system as it is now, beside what it was last seen with. */
interface Seat {
  readonly connection: string;
  readonly base: Value | 'never' | 'no_place';
  readonly value: Value | 'no_place' | 'unsupported';
  readonly isBack: boolean;
  readonly isReadOnly: boolean;
  /** How many characters of a value it can hold. */
  readonly room: number;
}

const words: fc.Arbitrary<Value> = fc.constantFrom('a', 'b', 'c', 'old', 'older', 'A', null);
const rules: fc.Arbitrary<Rule> = fc.constantFrom('overwrite', 'read_only', 'review', 'approve', 'latest');
const seat = (connection: string): fc.Arbitrary<Seat> =>
  fc.record({
    connection: fc.constant(connection),
    base: fc.oneof(
      { weight: 4, arbitrary: words },
      { weight: 1, arbitrary: fc.constantFrom('never', 'no_place') },
    ),
    value: fc.oneof(
      { weight: 6, arbitrary: words },
      { weight: 1, arbitrary: fc.constantFrom('no_place', 'unsupported') },
    ),
    isBack: fc.constantFrom(false, false, false, true),
    isReadOnly: fc.constantFrom(false, false, false, true),
    room: fc.constantFrom(99, 99, 3),
  });
const seats = (min = 2): fc.Arbitrary<Seat[]> =>
  fc.integer({ min, max: 4 }).chain((n) => fc.tuple(...names.slice(0, n).map(seat)));
/** As most records are: seen before, in use, writable, with room enough. */
const usual = (list: readonly Seat[]): Seat[] =>
  list.map((one) => ({
    ...one,
    base: one.base === 'never' || one.base === 'no_place' ? 'old' : one.base,
    value: one.value === 'unsupported' || one.value === 'no_place' ? 'old' : one.value,
    isBack: false,
    isReadOnly: false,
    room: 99,
  }));

const seen = (value: Seat['value'] | Seat['base']): Observed => {
  if (value === 'no_place' || value === 'unsupported') return { state: value };
  return value === null || value === 'never' ? { state: 'blank' } : { state: 'value', value };
};
const systemOf = (one: Seat, i: number): SystemView => ({
  connection: one.connection,
  observed: { email: seen(one.value) },
  base: one.base === 'never' ? {} : { email: seen(one.base) },
  vendorAt: new Date(now.getTime() + i * 1000).toISOString(),
  editors: {},
  isBack: one.isBack,
  isReadOnly: one.isReadOnly,
});
const viewOf = (list: readonly Seat[], between: readonly string[] = names): FieldView =>
  compare([field], list.map(systemOf), (_, connection) => between.includes(connection))[0] as FieldView;

const termsOf = (rule: Rule, more: Partial<FieldTerms> = {}): FieldTerms => ({
  field: 'email',
  rule,
  systemOfRecord: 'xero',
  decideWithinHours: null,
  ifNobodyChooses: 'keep',
  twoPeople: false,
  between: names,
  ...more,
});
const cutter =
  (list: readonly Seat[]): DecideContext['project'] =>
  (connection, _, value) => {
    const room = list.find((one) => one.connection === connection)?.room ?? 99;
    return typeof value === 'string' ? value.slice(0, room) : value;
  };
const under = (rule: Rule, list: readonly Seat[], more: Partial<FieldTerms> = {}): DecideContext => ({
  terms: termsOf(rule, more),
  project: cutter(list),
  firstLoadApproved: true,
  now,
});
const nothingYet: FieldHistory = { agreed: 'old', pending: null, question: null, putBacks: 0 };
const options: fc.Arbitrary<Option[]> = fc.array(
  fc.record({
    connection: fc.constantFrom(...names),
    value: words,
    asAgreed: fc.boolean(),
    changedAt: fc.constant(null),
    changedBy: fc.constant(null),
  }),
  { maxLength: 3 },
);
const histories: fc.Arbitrary<FieldHistory> = fc.record({
  agreed: fc.oneof({ weight: 4, arbitrary: words }, { weight: 1, arbitrary: fc.constant(undefined) }),
  isAgreedUnasked: fc.boolean(),
  pending: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({ value: words, by: fc.constantFrom('rule:review', 'rule:agreed', 'U0PRIYA001') }),
    },
  ),
  question: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.record({
        options,
        deadline: fc.constantFrom(null, now, new Date(now.getTime() + 1)),
        fallback: fc.constantFrom('keep' as const, 'owner_wins' as const, 'hold' as const),
      }),
    },
  ),
  putBacks: fc.constantFrom(0, 0, 3),
  isHeld: fc.constantFrom(false, false, true),
});

const broughtBy = (step: Step): FieldValue | null | undefined => ('value' in step ? step.value : undefined);
const plain = (step: Step) =>
  step.kind === 'ask' || step.kind === 'move'
    ? { ...step, options: step.options.toSorted((a, b) => a.connection.localeCompare(b.connection)) }
    : step;
const check = (property: fc.IProperty<never> | ReturnType<typeof fc.property>) =>
  fc.assert(property as ReturnType<typeof fc.property>, { numRuns: 500 });

describe('compare and decide, whatever the systems hold and whatever went before', () => {
  it('do not depend on the order in which systems are looked at, unless the latest of two at one instant wins', () => {
    check(
      fc.property(seats(), rules, histories, fc.integer(), (list, rule, history, seed) => {
        fc.pre(rule !== 'latest');
        const shuffled = list.toSorted((a, b) => hash(a.connection, seed) - hash(b.connection, seed));
        const context = under(rule, list);
        const step = decideField(viewOf(list), history, context);
        const other = decideField(viewOf(shuffled), history, context);
        expect(kindAndValue(other)).toEqual(kindAndValue(step));
      }),
    );
  });

  it('come to the same whether two changes are seen together or one after the other', () => {
    const both = fc.constantFrom<Rule>('overwrite', 'read_only', 'review', 'approve');
    check(
      fc.property(seats(), both, fc.boolean(), (list, rule, isReversed) => {
        const all = usual(list).map((one) => ({ ...one, base: 'old' }));
        const movers = all.filter((one) => one.value !== 'old');
        fc.pre(movers.length === 2);
        const context = under(rule, all);
        const together = decideField(viewOf(all), nothingYet, context);
        const [first, second] = isReversed ? movers.toReversed() : movers;
        const early = all.map((one) => (one === second ? { ...one, value: 'old' } : one));
        const before = decideField(viewOf(early), nothingYet, context);
        // What was read first is what it was last seen with, when the second comes.
        const late = all.map((one) => (one === first ? { ...one, base: one.value as Value } : one));
        const after = decideField(viewOf(late), historyAfter(before), context);
        expect(outcome(after, before)).toEqual(outcome(together, null));
      }),
    );
  });

  it('never write a field that nobody has touched', () => {
    check(
      fc.property(seats(), rules, words, (list, rule, agreed) => {
        const still = usual(list).map((one) => ({ ...one, value: one.base as Value }));
        const step = decideField(viewOf(still), { ...nothingYet, agreed }, under(rule, still));
        expect(['nothing', 'agree']).toContain(step.kind);
      }),
    );
  });

  it('never bring a value that no system holds, nobody chose and nothing was agreed on', () => {
    check(
      fc.property(seats(), rules, histories, fc.boolean(), (list, rule, history, twoPeople) => {
        const step = decideField(viewOf(list), history, under(rule, list, { twoPeople }));
        const value = broughtBy(step);
        if (value === undefined) return;
        const known = [
          ...list.map((one) => heldValue(seen(one.value))),
          history.agreed,
          history.pending?.value,
        ];
        expect(known).toContain(value);
      }),
    );
  });

  it('agree only on what every system that has a say holds, as far as it can', () => {
    check(
      fc.property(seats(), rules, histories, (list, rule, history) => {
        const context = under(rule, list);
        const step = decideField(viewOf(list), history, context);
        if (step.kind !== 'agree') return;
        const voters = viewOf(list).participants.filter((p) => !p.isReadOnly);
        for (const p of voters)
          expect(same(field, p.value, context.project(p.connection, 'email', step.value))).toBe(true);
      }),
    );
  });

  it('agree wherever all systems hold the same, without asking anybody and without a write', () => {
    check(
      fc.property(seats(), rules, words, words, fc.boolean(), (list, rule, value, agreed, isAsked) => {
        const alike = usual(list).map((one) => ({ ...one, value }));
        const question = { options: [], deadline: null, fallback: 'keep' as const };
        const history = { ...nothingYet, agreed, question: isAsked ? question : null };
        const step = decideField(viewOf(alike), history, under(rule, alike));
        if (isAsked) expect(kindAndValue(step)).toEqual(kindAndValue({ kind: 'withdraw', value }));
        else if (same(field, agreed, value)) expect(step).toEqual({ kind: 'nothing' });
        else expect(step).toEqual({ kind: 'agree', value, by: 'same' });
      }),
    );
  });

  it('are at rest once what was decided is everywhere, however little of it a system can hold', () => {
    check(
      fc.property(seats(), rules, histories, (list, rule, history) => {
        const context = under(rule, list);
        const step = decideField(viewOf(list), { ...history, question: null }, context);
        if (step.kind !== 'bring') return;
        const carried = list.map((one): Seat => {
          const can = !one.isReadOnly && one.value !== 'unsupported';
          const value = can ? (context.project(one.connection, 'email', step.value) as Value) : one.value;
          return { ...one, value, base: value === 'unsupported' ? 'never' : value, isBack: false };
        });
        const settled = { ...nothingYet, agreed: step.value };
        expect(decideField(viewOf(carried), settled, context).kind).toSatisfy(
          (kind: string) => kind === 'nothing' || carried.some((one) => one.isReadOnly),
        );
      }),
    );
  });

  it('hear nothing of a system that takes no part with the field', () => {
    check(
      fc.property(seats(3), rules, histories, seat('shop'), (list, rule, history, shop) => {
        const between = ['hubspot', 'xero', 'cin7-core'];
        const three = list.slice(0, 3);
        const context = under(rule, three, { between });
        const without = decideField(viewOf(three, between), history, context);
        expect(decideField(viewOf([...three, shop], between), history, context)).toEqual(without);
      }),
    );
  });

  it('never let the clock put a value into what two people choose', () => {
    check(
      fc.property(seats(), fc.constantFrom<Rule>('review', 'approve'), histories, (list, rule, history) => {
        const step = decideField(viewOf(list), history, under(rule, list, { twoPeople: true }));
        if (step.kind === 'expire') expect(step.value).toBeUndefined();
      }),
    );
  });

  it('write nothing before the first load is approved', () => {
    check(
      fc.property(seats(), rules, histories, (list, rule, history) => {
        const fresh = { ...history, pending: null, question: null };
        const step = decideField(viewOf(list), fresh, { ...under(rule, list), firstLoadApproved: false });
        expect(['nothing', 'agree', 'hold']).toContain(step.kind);
      }),
    );
  });

  it('ask a person, and only a person, where a reviewed or approved value changed apart', () => {
    check(
      fc.property(seats(), fc.constantFrom<Rule>('review', 'approve'), (list, rule) => {
        const all = usual(list).map((one) => ({ ...one, base: 'old' }));
        const changed = all.filter((one) => !same(field, one.value as Value, 'old'));
        const apart = changed.some((one) => !same(field, one.value as Value, changed[0]?.value as Value));
        fc.pre(apart || (rule === 'approve' && changed.length > 0 && changed.length < all.length));
        const step = decideField(viewOf(all), nothingYet, under(rule, all));
        expect(plain(step)).toMatchObject({ kind: 'ask', agreedBefore: 'old' });
      }),
    );
  });
});

const hash = (text: string, seed: number): number =>
  [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0) + seed) % 1009, 7);

const kindAndValue = (step: Step) => {
  const { kind } = step;
  if (kind === 'ask' || kind === 'move')
    return [kind, step.options.map(({ connection, value }) => [connection, value]).toSorted()];
  const value = broughtBy(step);
  // Of several spellings of one value it may be either.
  return [
    kind,
    typeof value === 'string' ? value.toLowerCase() : value,
    'putBack' in step ? step.putBack : null,
  ];
};

/** What the ledger knows after a step. */
function historyAfter(step: Step): FieldHistory {
  if (step.kind === 'bring') return { ...nothingYet, pending: { value: step.value, by: step.by } };
  if (step.kind === 'ask')
    return { ...nothingYet, question: { options: step.options, deadline: null, fallback: 'hold' } };
  if (step.kind === 'agree') return { ...nothingYet, agreed: step.value };
  return nothingYet;
}

/** What comes of a field: a question, or a value; a step that does nothing leaves what was before. */
function outcome(step: Step, before: Step | null): unknown {
  if (step.kind === 'nothing') return before ? outcome(before, null) : 'as agreed';
  if (step.kind === 'ask' || step.kind === 'move') return 'a person is asked';
  const value = broughtBy(step);
  return typeof value === 'string' ? value.toLowerCase() : value;
}
