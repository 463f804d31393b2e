import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldTerms, Rule } from '#src/agreement/agreement.ts';
import { customer } from '#src/entities/customer.ts';
import type { Participant } from '#src/sync/compare.ts';
import { decideField } from '#src/sync/decide.ts';
import type { FieldHistory } from '#src/sync/decide-step.ts';
import type { PutAside } from '#src/sync/rolling-back/put-aside.ts';

const field = customer.fields.find(({ name }) => name === 'email') as (typeof customer.fields)[number];
const systems = ['hubspot', 'xero', 'cin7-core'] as const;
const terms = (rule: Rule): FieldTerms => ({
  field: 'email',
  rule,
  systemOfRecord: 'xero',
  decideWithinHours: null,
  ifNobodyChooses: 'keep',
  twoPeople: false,
  between: [...systems],
});
type Values = Readonly<Record<(typeof systems)[number], string | null>>;
const participants = (values: Values, before: Values = values): Participant[] =>
  systems.map((connection) => ({
    connection,
    value: values[connection],
    before: before[connection],
    isNew: false,
    isBack: false,
    isReadOnly: false,
    changed: values[connection] !== before[connection],
    changedBy: null,
    changedAt: null,
  }));
const [old, undone, third] = ['old@example.com', 'undone@example.com', 'third@example.com'];
/** Xero's new value was taken back from the others. */
const apart: Values = { hubspot: old, xero: undone, 'cin7-core': old };
const aside: PutAside = { found: apart, isReleased: false };

const decide = (
  values: Values,
  {
    rule = 'review' as Rule,
    before = values,
    putAside = aside,
    agreed = old as string | null | undefined,
    more = {} as Partial<FieldHistory>,
  } = {},
) =>
  decideField(
    { field, participants: participants(values, before) },
    { agreed, pending: null, question: null, putBacks: 0, putAside, ...more },
    {
      terms: terms(rule),
      project: (_connection, _field, value) => value,
      firstLoadApproved: true,
      now: new Date(0),
    },
  );

const released: PutAside = { ...aside, isReleased: true };
const rules: readonly Rule[] = ['overwrite', 'read_only', 'review', 'approve', 'latest'];

describe('what was put back stays put aside', () => {
  it.each(rules)('while the owner has the same value, by the rule %s', (rule) => {
    expect(decide(apart, { rule })).toEqual({ kind: 'nothing', isAside: true });
    const moved = { ...apart, hubspot: third };
    expect(decide(moved, { rule, before: apart })).toEqual({ kind: 'nothing', isAside: true });
  });

  it('until the owner has another one, which goes by the rule', () => {
    const moved = { ...apart, xero: third };
    expect(decide(moved, { before: apart })).toMatchObject({ kind: 'bring', value: third });
    expect(decide(moved, { before: apart, rule: 'approve' })).toMatchObject({ kind: 'ask' });
  });

  it('until all systems hold one value', () => {
    expect(decide({ hubspot: undone, xero: undone, 'cin7-core': undone })).toMatchObject({ kind: 'agree' });
    expect(decide({ hubspot: old, xero: old, 'cin7-core': old })).toEqual({ kind: 'nothing' });
  });

  it('until a person lets it go on: then it counts as if it had just changed', () => {
    expect(decide(apart, { putAside: released })).toMatchObject({ kind: 'bring', value: undone });
    expect(decide(apart, { putAside: released, rule: 'overwrite' })).toMatchObject({ value: undone });
    expect(decide(apart, { putAside: released, rule: 'approve' })).toMatchObject({
      kind: 'ask',
      agreedBefore: old,
    });
    const moved = { ...apart, hubspot: third };
    expect(decide(moved, { putAside: released })).toMatchObject({ kind: 'ask' });
  });

  it('and a field that is empty in one of them empties nobody then', () => {
    const blank = { ...apart, 'cin7-core': null };
    expect(decide(blank, { putAside: released })).toMatchObject({ kind: 'bring', value: undone });
  });

  it('also where another system is the owner by now, unless that one has moved', () => {
    const others = { found: { hubspot: old, 'cin7-core': old }, isReleased: false };
    expect(decide({ ...apart, xero: third }, { before: apart, putAside: others })).toMatchObject({
      isAside: true,
    });
  });

  it('and is never written to, whatever anybody but the owner does', () => {
    const value = fc.constantFrom(old, undone, third, null);
    fc.assert(
      fc.property(
        fc.constantFrom(...rules),
        fc.record({ hubspot: value, xero: value, 'cin7-core': value }),
        fc.record({ hubspot: value, 'cin7-core': value }),
        fc.option(value, { nil: undefined }),
        (rule, found, others, agreed) => {
          const values = { ...found, ...others };
          const step = decide(values, {
            rule,
            before: found,
            putAside: { found, isReleased: false },
            agreed,
          });
          expect(['nothing', 'agree']).toContain(step.kind);
          const isShared = new Set(Object.values(values)).size === 1;
          expect(step.kind === 'nothing' && step.isAside === true).toBe(!isShared);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('and once it is over, the systems do not stay apart unseen: it is brought, or asked', () => {
    const value = fc.constantFrom(old, undone, third, null);
    fc.assert(
      fc.property(
        fc.constantFrom(...rules),
        fc.record({ hubspot: value, xero: value, 'cin7-core': value }),
        value,
        (rule, found, agreed) => {
          const step = decide(found, { rule, putAside: { found, isReleased: true }, agreed });
          const isShared = new Set(Object.values(found)).size === 1;
          expect(isShared ? ['nothing', 'agree'] : ['bring', 'ask']).toContain(step.kind);
        },
      ),
      { numRuns: 500 },
    );
  });
});
