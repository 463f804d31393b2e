import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldTerms, Flow, Rule } from '#src/agreement/agreement.ts';
import type { FlowDifference } from '#src/agreement/differences.ts';
import type { Entity, Field, FieldValue, Observed } from '#src/entities/field.ts';
import { planUnderNewTerms } from '#src/sync/amending/under-new-terms.ts';
import type { FieldHistory, Step } from '#src/sync/decide-step.ts';
import { newLimit } from '#src/sync/deciding/limits.ts';
import { type PlanInput, planRecord } from '#src/sync/deciding/plan.ts';

const systems = ['hubspot', 'xero', 'cin7-core'] as const;
type Held = string | null;
const seen = (value: Held): Observed => (value === null ? { state: 'blank' } : { state: 'value', value });

const field = (normal: (value: FieldValue) => string): Field => ({
  name: 'email',
  label: 'E-mail',
  class: 'open',
  normal,
  show: String,
  problem: () => null,
});
const exact = field(String);
const entityOf = (one: Field): Entity => ({
  name: 'customer',
  noun: { one: 'customer', many: 'customers' },
  fields: [one],
  strongKeys: [],
  names: [],
  signs: [],
  title: () => 'Example',
});
const terms = (rule: Rule, more: Partial<FieldTerms> = {}): FieldTerms => ({
  field: 'email',
  rule,
  systemOfRecord: 'xero',
  decideWithinHours: null,
  ifNobodyChooses: 'hold',
  twoPeople: false,
  between: [...systems],
  ...more,
});

interface Case {
  readonly held: readonly Held[];
  readonly rule: Rule;
  readonly history?: Partial<FieldHistory>;
  readonly field?: Field;
  readonly more?: Partial<FieldTerms>;
}

/** A record of which nothing was read just now: all that is known is what the ledger has. */
function input({ held, rule, history = {}, field: one = exact, more = {} }: Case): PlanInput {
  return {
    entity: entityOf(one),
    flow: { connections: systems, fields: { email: terms(rule, more) } } as unknown as Flow,
    connections: systems.slice(0, held.length),
    bases: new Map(held.map((value, i) => [systems[i] as string, { email: seen(value) }])),
    observations: new Map(),
    basesAt: new Map(systems.map((id, i) => [id, `2026-11-0${i + 1}T00:00:00.000Z`])),
    back: new Set(),
    archived: new Set(),
    readOnly: new Set(),
    history: () => ({ agreed: 'old', pending: null, question: null, putBacks: 0, ...history }),
    project: (_connection, _field, value) => value,
    firstLoadApproved: true,
    now: new Date('2026-11-21T00:00:00Z'),
  };
}
const difference = (joins: readonly string[] = []): Pick<FlowDifference, 'fields'> => ({
  fields: { email: { before: terms('review'), after: terms('overwrite'), joins } },
});
const settled = (value: Held) => ({
  agreed: new Map([['email', { value, settledBy: 'same' } as never]]),
  bases: new Map(),
});
const planned = (one: Case, joins: readonly string[] = [], agreed: Held = 'old'): Step => {
  const [only] = planUnderNewTerms(
    input({ ...one, history: { agreed, ...one.history } }),
    settled(agreed),
    difference(joins),
  );
  return only?.step as Step;
};
const asked = (...values: Held[]) => ({
  question: {
    options: systems.map((connection, i) => ({
      connection,
      value: values[i] ?? null,
      asAgreed: values[i] === 'old',
      changedAt: null,
      changedBy: null,
    })),
    deadline: null,
    fallback: 'hold' as const,
  },
});

describe('a record under new terms', () => {
  it('that is in order is left alone', () => {
    for (const rule of ['overwrite', 'read_only', 'review', 'approve', 'latest'] as const)
      expect(planned({ held: ['old', 'old', 'old'], rule })).toEqual({ kind: 'nothing' });
  });

  it('that was left apart goes by them', () => {
    expect(planned({ held: ['a', 'b', 'old'], rule: 'overwrite' })).toMatchObject({
      kind: 'bring',
      value: 'b',
    });
    expect(planned({ held: ['a', 'old', 'old'], rule: 'overwrite' })).toMatchObject({
      kind: 'bring',
      value: 'old',
      putBack: true,
    });
    expect(planned({ held: ['a', 'b', 'old'], rule: 'latest' })).toMatchObject({ kind: 'bring', value: 'b' });
    expect(planned({ held: ['a', 'b', 'old'], rule: 'approve' })).toMatchObject({ kind: 'ask' });
    expect(planned({ held: ['new', 'new', 'new'], rule: 'approve' })).toMatchObject({
      kind: 'agree',
      value: 'new',
    });
  });

  it('of which somebody is asked is decided where nobody is to be asked any more, and else stays asked', () => {
    const history = asked('a', 'b', 'old');
    expect(planned({ held: ['a', 'b', 'old'], rule: 'overwrite', history })).toMatchObject({
      kind: 'bring',
      value: 'b',
      by: 'rule:overwrite',
    });
    expect(planned({ held: ['a', 'b', 'old'], rule: 'approve', history })).toEqual({ kind: 'nothing' });
    expect(planned({ held: ['a', 'c', 'old'], rule: 'approve', history })).toMatchObject({ kind: 'move' });
    expect(planned({ held: ['a', 'a', 'a'], rule: 'overwrite', history })).toEqual({
      kind: 'withdraw',
      value: 'a',
    });
  });

  it('keeps to what a person decided, and decides again what a rule had on its way', () => {
    const bring = (by: string) => ({ pending: { value: 'a', by } });
    const held = ['a', 'old', 'old'];
    expect(planned({ held, rule: 'overwrite', history: bring('U0PRIYA001') })).toEqual({ kind: 'nothing' });
    expect(planned({ held, rule: 'overwrite', history: bring('rule:agreed') })).toEqual({ kind: 'nothing' });
    expect(planned({ held, rule: 'overwrite', history: bring('rule:review') })).toMatchObject({
      kind: 'bring',
      value: 'old',
    });
    expect(planned({ held, rule: 'review', history: bring('rule:review') })).toEqual({ kind: 'nothing' });
  });

  it('asks what a system brings along that joins, and fills it where it has nothing', () => {
    expect(planned({ held: ['old', 'old', 'other'], rule: 'review' }, ['cin7-core'])).toMatchObject({
      kind: 'ask',
    });
    expect(planned({ held: ['old', 'old', null], rule: 'review' }, ['cin7-core'])).toMatchObject({
      kind: 'bring',
      value: 'old',
      putBack: false,
    });
    expect(planned({ held: ['old', 'old', 'other'], rule: 'overwrite' }, ['cin7-core'])).toMatchObject({
      kind: 'bring',
      value: 'old',
    });
  });

  const anyHeld = fc.constantFrom<Held>(null, 'old', 'a', 'b');
  const anyRule = fc.constantFrom<Rule>('overwrite', 'read_only', 'review', 'approve', 'latest');

  it('is planned to the same end twice: what was decided once is not decided again', () => {
    fc.assert(
      fc.property(fc.tuple(anyHeld, anyHeld, anyHeld), anyRule, anyHeld, (held, rule, agreed) => {
        const step = planned({ held, rule }, [], agreed);
        if (step.kind === 'bring') {
          const again = { held, rule, history: { pending: { value: step.value, by: step.by } } };
          expect(planned(again, [], agreed)).toEqual({ kind: 'nothing' });
        }
        if (step.kind === 'ask') {
          const history = { question: { options: step.options, deadline: null, fallback: 'hold' as const } };
          expect(planned({ held, rule, history }, [], agreed)).toEqual({ kind: 'nothing' });
        }
      }),
    );
  });
});

describe('a change of normaliser writes nothing by itself', () => {
  const forms = [
    String,
    (value: FieldValue) => String(value).toLowerCase(),
    (value: FieldValue) => String(value).replace(/\W/g, ''),
    () => 'all the same',
    (value: FieldValue) => `${String(value).length}`,
  ];
  const anyForm = fc.constantFrom(...forms);
  const anyValue = fc.constantFrom<Held>(null, 'A b', 'a b', 'ab', 'A-B', 'other');
  const anyRule = fc.constantFrom<Rule>('overwrite', 'read_only', 'review', 'approve', 'latest');
  const anyAgreed = fc.constantFrom<Held>(null, 'A b', 'ab', 'other');

  it('whatever was the same before and is apart now, or the other way round', () => {
    fc.assert(
      fc.property(
        fc.tuple(anyValue, anyValue, anyValue),
        anyAgreed,
        anyRule,
        anyForm,
        anyForm,
        (held, agreed, rule, before, after) => {
          const plan = (form: (value: FieldValue) => string) =>
            planRecord(input({ held, rule, field: field(form), history: { agreed } }))[0]?.step.kind;
          // At rest under the old form: what is known of each system is what was read of it last.
          fc.pre(plan(before) === 'nothing');
          expect(['nothing', 'agree']).toContain(plan(after));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('while somebody is asked, or a value is on its way, neither', () => {
    fc.assert(
      fc.property(
        fc.tuple(anyValue, anyValue, anyValue),
        anyRule,
        anyForm,
        fc.boolean(),
        (held, rule, form, isAsked) => {
          const history = isAsked ? asked(...held) : { pending: { value: 'A b', by: 'U0PRIYA001' } };
          const [only] = planRecord(input({ held, rule, field: field(form), history }));
          expect(['nothing', 'agree', 'withdraw']).toContain(only?.step.kind);
        },
      ),
    );
  });
});

describe('the limit of an open question', () => {
  const at = (hours: number) => new Date(Date.UTC(2026, 10, 24, hours));
  const openedAt = at(0);
  const limit = (before: number | null, after: number | null, now: Date) =>
    newLimit(
      { openedAt },
      terms('review', { decideWithinHours: before }),
      terms('review', { decideWithinHours: after }),
      now,
    );

  it('stays where its terms stay', () => {
    expect(limit(24, 24, at(3))).toBeNull();
    expect(limit(null, null, at(3))).toBeNull();
  });

  it('counts from when it was asked; but never from a time that is over', () => {
    expect(limit(24, 48, at(3))?.deadline).toEqual(at(48));
    expect(limit(null, 24, at(3))?.deadline).toEqual(at(24));
    expect(limit(48, 2, at(3))?.deadline).toEqual(at(5));
    expect(limit(24, null, at(3))?.deadline).toBeNull();
  });

  it('takes what follows from it from the new terms', () => {
    const [before, after] = [terms('review'), terms('review', { ifNobodyChooses: 'owner_wins' })];
    expect(newLimit({ openedAt }, before, after, at(1))).toEqual({ deadline: null, fallback: 'owner_wins' });
  });
});
