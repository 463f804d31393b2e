import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FieldTerms, Rule } from '#src/agreement/agreement.ts';
import type { Field, FieldValue, Observed } from '#src/entities/field.ts';
import { compare, type FieldView } from '#src/sync/compare.ts';
import { decideField } from '#src/sync/decide.ts';
import type { DecideContext, FieldHistory, Option } from '#src/sync/decide-step.ts';

const field: Field = {
  name: 'email',
  label: 'E-mail',
  class: 'open',
  normal: (value) => String(value).toLowerCase(),
  show: String,
  problem: () => null,
};
const systems = ['hubspot', 'xero', 'cin7-core'] as const;
type Values = readonly (string | null | 'unsupported' | 'no_place')[];
const seen = (value: string | null | undefined): Observed =>
  value === 'unsupported' || value === 'no_place'
    ? { state: value }
    : value == null
      ? { state: 'blank' }
      : { state: 'value', value };

/** Three systems: what each held at the last look (undefined = never looked), and what it holds now. */
function view(base: readonly (string | null | undefined)[], now: Values): FieldView {
  const [only] = compare(
    [field],
    systems.slice(0, now.length).map((connection, i) => ({
      connection,
      observed: { email: seen(now[i]) },
      base: base[i] === undefined ? {} : { email: seen(base[i]) },
      vendorAt: `2026-11-0${i + 1}T00:00:00.000Z`,
      editors: {},
    })),
  );
  return only as FieldView;
}

/** What people are shown where these values stand apart. */
const asked = ({ participants }: FieldView): Option[] =>
  participants.map(({ connection, value }) => ({
    connection,
    value,
    asAgreed: value === 'old',
    changedAt: null,
    changedBy: null,
  }));

const given = (more: Partial<FieldHistory> = {}): FieldHistory => ({
  agreed: 'old',
  pending: null,
  question: null,
  putBacks: 0,
  ...more,
});
const under = (
  rule: Rule,
  more: Partial<DecideContext> & { terms?: Partial<FieldTerms> } = {},
): DecideContext => ({
  project: (_connection, _field, value) => value,
  firstLoadApproved: true,
  now: new Date('2026-11-21T00:00:00Z'),
  ...more,
  terms: {
    field: 'email',
    rule,
    systemOfRecord: 'xero',
    decideWithinHours: null,
    ifNobodyChooses: 'keep',
    twoPeople: false,
    between: ['hubspot', 'xero', 'cin7-core'],
    ...more.terms,
  },
});
const all = (value: string | null) => [value, value, value];

describe('what has no place in a system (nobody is the billing contact there)', () => {
  const rules = ['overwrite', 'read_only', 'review', 'approve', 'latest'] as const;

  it.each(rules)('empties nobody by the rule %s, and is given what is agreed', (rule) => {
    const lost = view(['old', 'old', 'old'], ['old', 'no_place', 'old']);
    expect(decideField(lost, given(), under(rule))).toMatchObject({ kind: 'bring', value: 'old' });
  });

  it('is content where nothing is agreed', () => {
    const lost = view([null, 'no_place', null], [null, 'no_place', null]);
    expect(decideField(lost, given({ agreed: null }), under('review'))).toEqual({ kind: 'nothing' });
  });

  it('counts with the value that it gets', () => {
    const found = view(['old', 'no_place', 'old'], ['old', 'new', 'old']);
    expect(decideField(found, given(), under('overwrite'))).toMatchObject({ kind: 'bring', value: 'new' });
  });
});

describe('one field of one record', () => {
  it('is left alone where nothing changed', () => {
    expect(decideField(view(all('old'), all('old')), given(), under('review'))).toEqual({ kind: 'nothing' });
  });

  it('flows from the one system that changed (review)', () => {
    expect(decideField(view(all('old'), ['new', 'old', 'old']), given(), under('review'))).toMatchObject({
      kind: 'bring',
      value: 'new',
      by: 'rule:review',
    });
  });

  it('is agreed without a question when several changed to the same', () => {
    expect(decideField(view(all('old'), all('NEW')), given(), under('review'))).toMatchObject({
      kind: 'agree',
      value: 'NEW',
    });
  });

  it('is asked again when one moves on where nobody chose in time, unless it comes to hold what the others do (review)', () => {
    const apart = ['a', 'b', 'old'];
    const option = { connection: 'hubspot', value: 'a', asAgreed: false, changedAt: null, changedBy: null };
    const history = given({ leftApart: [option] });
    expect(decideField(view(apart, apart), history, under('review'))).toEqual({ kind: 'nothing' });
    expect(decideField(view(apart, ['a', 'c', 'old']), history, under('review'))).toMatchObject({
      kind: 'ask',
    });
    expect(decideField(view(apart, ['b', 'b', 'old']), history, under('review'))).toMatchObject({
      kind: 'bring',
      value: 'b',
    });
  });

  it('is asked when systems changed apart (review)', () => {
    const step = decideField(view(all('old'), ['a', 'b', 'old']), given(), under('review'));
    expect(step).toMatchObject({ kind: 'ask', agreedBefore: 'old' });
    expect(
      step.kind === 'ask' && step.options.map((option) => [option.connection, option.value, option.asAgreed]),
    ).toEqual([
      ['hubspot', 'a', false],
      ['xero', 'b', false],
      ['cin7-core', 'old', true],
    ]);
  });

  it('is asked for every change (approve), even a one-sided one', () => {
    expect(decideField(view(all('old'), ['old', 'new', 'old']), given(), under('approve'))).toMatchObject({
      kind: 'ask',
    });
  });

  it('goes out from the owner, and is put back where another changed it (overwrite, read_only)', () => {
    for (const rule of ['overwrite', 'read_only'] as const) {
      expect(decideField(view(all('old'), ['old', 'new', 'old']), given(), under(rule))).toEqual({
        kind: 'bring',
        value: 'new',
        by: `rule:${rule}`,
        putBack: false,
      });
      expect(decideField(view(all('old'), ['new', 'old', 'old']), given(), under(rule))).toEqual({
        kind: 'bring',
        value: 'old',
        by: `rule:${rule}`,
        putBack: true,
      });
      expect(decideField(view(all('old'), ['a', 'b', 'old']), given(), under(rule))).toMatchObject({
        value: 'b',
      });
    }
  });

  it('is held as a tug-of-war when the same was put back three times within a day', () => {
    expect(
      decideField(view(all('old'), ['new', 'old', 'old']), given({ putBacks: 3 }), under('overwrite')),
    ).toEqual({ kind: 'hold', reason: 'tug_of_war' });
  });

  it('takes the latest only by explicit choice', () => {
    expect(decideField(view(all('old'), ['a', 'b', 'c']), given(), under('latest'))).toMatchObject({
      value: 'c',
      by: 'rule:latest',
    });
  });

  it('waits for the approval of the first load, then fills blanks from the owner only', () => {
    const apart = view([undefined, undefined, undefined], [null, 'x', null]);
    expect(
      decideField(apart, given({ agreed: undefined }), under('review', { firstLoadApproved: false })),
    ).toEqual({ kind: 'hold', reason: 'first_load' });
    expect(decideField(apart, given({ agreed: undefined }), under('review'))).toMatchObject({
      kind: 'bring',
      value: 'x',
      by: 'rule:first_load',
    });
    const ownerBlank = view([undefined, undefined, undefined], ['x', null, 'x']);
    expect(decideField(ownerBlank, given({ agreed: undefined }), under('overwrite'))).toMatchObject({
      kind: 'ask',
    });
  });

  it('is agreed at first load where all hold the same, without any approval', () => {
    const same = view([undefined, undefined, undefined], ['x', 'X', 'x']);
    expect(
      decideField(same, given({ agreed: undefined }), under('review', { firstLoadApproved: false })),
    ).toMatchObject({ kind: 'agree' });
  });

  it('asks again when somebody edits what a person has just decided, before it is saved everywhere', () => {
    const history = given({ pending: { value: 'decided', by: 'U1' } });
    expect(
      decideField(view(['decided', 'old', 'old'], ['decided', 'old', 'old']), history, under('review')),
    ).toEqual({ kind: 'nothing' });
    expect(
      decideField(view(['decided', 'old', 'old'], ['decided', 'other', 'old']), history, under('review')),
    ).toMatchObject({ kind: 'ask', agreedBefore: 'decided' });
  });

  describe('that a rule brings from one system, and that is not yet everywhere', () => {
    const brought = given({ pending: { value: 'new', by: 'rule:review' } });

    it('is asked when another system turns out to have changed too (review), whichever was read first', () => {
      const step = decideField(
        view(['old', 'new', 'old'], ['other', 'new', 'old']),
        brought,
        under('review'),
      );
      expect(step).toMatchObject({ kind: 'ask', agreedBefore: 'old' });
      expect(
        step.kind === 'ask' && step.options.map((option) => [option.connection, option.asAgreed]),
      ).toEqual([
        ['hubspot', false],
        ['xero', false],
        ['cin7-core', true],
      ]);
    });

    it.each<[string, FieldValue | null | undefined, string[]]>([
      [
        'is among what is asked though its record was archived meanwhile',
        'new',
        ['cin7-core', 'hubspot', 'xero'],
      ],
      ['is nobody’s where what was archived held something else', 'old', ['cin7-core', 'hubspot']],
      ['is nobody’s where nothing is known of what was archived', undefined, ['cin7-core', 'hubspot']],
    ])('%s', (_name, held, connections) => {
      const now = view(['old', 'unsupported', 'old'], ['other', 'unsupported', 'old']);
      const step = decideField(now, brought, under('review', { archived: new Map([['xero', held]]) }));
      const options = step.kind === 'ask' ? step.options : [];
      expect(options.map((option) => option.connection).sort()).toEqual(connections);
      if (held === 'new')
        expect(options.at(-1)).toMatchObject({ connection: 'xero', value: 'new', asAgreed: false });
      // For as long as that is archived, the question keeps it.
      const question = { options, deadline: null, fallback: 'hold' as const };
      const archived = new Map([['xero', held]]);
      expect(decideField(now, given({ question }), under('review', { archived }))).toEqual({
        kind: 'nothing',
      });
    });

    it('follows whoever brought it and corrects it', () => {
      expect(
        decideField(view(['old', 'new', 'old'], ['old', 'newer', 'old']), brought, under('review')),
      ).toMatchObject({ kind: 'bring', value: 'newer', by: 'rule:review' });
    });

    it('is put back where somebody else changes it meanwhile (overwrite)', () => {
      const owners = given({ pending: { value: 'new', by: 'rule:overwrite' } });
      expect(
        decideField(view(['old', 'new', 'old'], ['other', 'new', 'old']), owners, under('overwrite')),
      ).toMatchObject({ kind: 'bring', value: 'new', putBack: true });
    });
  });

  it('withdraws a question when the systems come to agree by themselves', () => {
    const question = { options: [], deadline: null, fallback: 'keep' as const };
    expect(decideField(view(all('old'), all('b')), given({ question }), under('review'))).toEqual({
      kind: 'withdraw',
      value: 'b',
    });
  });

  it('uses the fallback once the time is up, and not a moment before', () => {
    const deadline = new Date('2026-11-21T00:00:00Z');
    const apart = view(['a', 'b', 'old'], ['a', 'b', 'old']);
    const question = { options: asked(apart), deadline, fallback: 'owner_wins' as const };
    expect(decideField(apart, given({ question }), under('review'))).toEqual({ kind: 'expire', value: 'b' });
    expect(
      decideField(apart, given({ question }), under('review', { now: new Date(deadline.getTime() - 1) })),
    ).toEqual({ kind: 'nothing' });
    expect(
      decideField(apart, given({ question: { ...question, fallback: 'keep' } }), under('review')),
    ).toEqual({ kind: 'expire', value: undefined });
    expect(
      decideField(apart, given({ question: { ...question, fallback: 'hold' } }), under('review')),
    ).toEqual({ kind: 'nothing' });
  });

  it('is asked anew about a value that came too late to be shown: nobody had time to choose it', () => {
    const deadline = new Date('2026-11-21T00:00:00Z');
    const options = asked(view(['a', 'b', 'old'], ['a', 'b', 'old']));
    const moved = view(['a', 'b', 'old'], ['a', 'b', 'late']);
    for (const fallback of ['keep', 'owner_wins'] as const) {
      const question = { options, deadline, fallback };
      const step = decideField(moved, given({ question }), under('review'));
      expect(step.kind === 'ask' && step.options.map(({ value }) => value)).toEqual(['a', 'b', 'late']);
    }
    const patient = { options, deadline, fallback: 'hold' as const };
    expect(decideField(moved, given({ question: patient }), under('review')).kind).toBe('move');
  });

  it('does not take what a system cannot hold in full for a difference', () => {
    const cut = (connection: string, _field: string, value: FieldValue | null) =>
      connection === 'xero' && typeof value === 'string' ? value.slice(0, 3) : value;
    const apart = view(['abcdef', 'abc', 'abcdef'], ['abcdef', 'abc', 'abcdef']);
    expect(decideField(apart, given({ agreed: 'abcdef' }), under('review', { project: cut }))).toEqual({
      kind: 'nothing',
    });
  });

  it('keeps what is agreed whole, though no system that is left can hold all of it', () => {
    const cut = (_connection: string, _field: string, value: FieldValue | null) =>
      typeof value === 'string' ? value.slice(0, 3) : value;
    const held = view(all('abc'), all('abc'));
    const context = under('review', { project: cut });
    expect(decideField(held, given({ agreed: 'abcdef' }), context)).toEqual({ kind: 'nothing' });
    const question = { options: [], deadline: null, fallback: 'keep' as const };
    expect(decideField(held, given({ agreed: 'abcdef', question }), context)).toEqual({
      kind: 'withdraw',
      value: 'abcdef',
    });
  });

  describe('whose owner comes back from the archive, while the others agreed on something else', () => {
    const back = (now: Values, rule: Rule, more: Partial<FieldHistory> = {}) => {
      const whole = view(['new', 'old', 'new'], now);
      const participants = whole.participants.map((p) => ({ ...p, isBack: p.connection === 'xero' }));
      return decideField(
        { ...whole, participants },
        given({ agreed: 'new', isAgreedUnasked: true, ...more }),
        under(rule),
      );
    };

    it.each(['overwrite', 'read_only'] as const)(
      'is the owner’s by the rule %s, and the others’ is put back',
      (rule) => {
        const brought = { kind: 'bring', value: 'old', by: `rule:${rule}`, putBack: true };
        expect(back(['new', 'old', 'new'], rule)).toEqual(brought);
        expect(back(['newer', 'old', 'new'], rule)).toEqual(brought);
        const pending = { value: 'new', by: 'rule:agreed' };
        expect(back(['new', 'old', 'new'], rule, { pending })).toEqual(brought);
      },
    );

    it('is what was agreed where nobody’s word is the rule, where somebody decided it, and where the owner has nothing', () => {
      const agreed = { kind: 'bring', value: 'new', by: 'rule:agreed' };
      expect(back(['new', 'old', 'new'], 'review')).toMatchObject(agreed);
      expect(back(['new', 'old', 'new'], 'overwrite', { isAgreedUnasked: false })).toMatchObject(agreed);
      const blank = view(['new', null, 'new'], ['new', null, 'new']);
      const participants = blank.participants.map((p) => ({ ...p, isBack: p.connection === 'xero' }));
      const history = given({ agreed: 'new', isAgreedUnasked: true });
      expect(decideField({ ...blank, participants }, history, under('overwrite'))).toMatchObject(agreed);
    });
  });
});

const value = fc.option(fc.constantFrom('a', 'b', 'c', 'old'), { nil: null });
const rules = fc.constantFrom<Rule>('overwrite', 'read_only', 'review', 'approve', 'latest');

describe('whatever the systems hold', () => {
  it('never writes an untouched field', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 3, maxLength: 3 }), rules, (held, rule) => {
        expect(decideField(view(held, held), given(), under(rule)).kind).not.toBe('bring');
      }),
    );
  });

  it('never changes a reviewed field that changed apart without a person', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 3, maxLength: 3 }),
        fc.constantFrom<Rule>('review', 'approve'),
        (now, rule) => {
          const changed = new Set(now.filter((one) => one !== 'old').map((one) => one ?? ''));
          fc.pre(changed.size > 1);
          expect(decideField(view(all('old'), now), given(), under(rule)).kind).toBe('ask');
        },
      ),
    );
  });

  it('only ever brings a value that some system holds or that was agreed', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 2, maxLength: 3 }),
        fc.array(value, { minLength: 3, maxLength: 3 }),
        rules,
        (now, base, rule) => {
          const step = decideField(view(base, now), given(), under(rule));
          if (step.kind === 'bring') expect([...now, 'old']).toContain(step.value);
        },
      ),
    );
  });

  it('does not depend on the order in which the systems are named, unless the latest wins', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 3, maxLength: 3 }),
        fc.array(value, { minLength: 3, maxLength: 3 }),
        fc.constantFrom<Rule>('overwrite', 'review', 'approve'),
        (now, base, rule) => {
          const forwards = view(base, now);
          const backwards = { ...forwards, participants: [...forwards.participants].reverse() };
          const [a, b] = [
            decideField(forwards, given(), under(rule)),
            decideField(backwards, given(), under(rule)),
          ];
          expect(a.kind).toBe(b.kind);
          if (a.kind === 'bring' && b.kind === 'bring') expect(a.value).toEqual(b.value);
        },
      ),
    );
  });

  it('settles: once what was brought is everywhere, nothing more is to do', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 3, maxLength: 3 }),
        fc.array(value, { minLength: 3, maxLength: 3 }),
        rules,
        (now, base, rule) => {
          const step = decideField(view(base, now), given(), under(rule));
          if (step.kind !== 'bring') return;
          expect(
            decideField(
              view(all(step.value as string), all(step.value as string)),
              given({ agreed: step.value }),
              under(rule),
            ),
          ).toEqual({ kind: 'nothing' });
        },
      ),
    );
  });
});
