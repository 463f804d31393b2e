import { describe, expect, it } from 'vitest';
import type { FieldTerms, Rule } from '#src/agreement/agreement.ts';
import type { Field, Observed } from '#src/entities/field.ts';
import { compare, type FieldView } from '#src/sync/compare.ts';
import { decideField } from '#src/sync/decide.ts';
import type { DecideContext, FieldHistory } from '#src/sync/decide-step.ts';

const field: Field = {
  name: 'email',
  label: 'E-mail',
  class: 'open',
  normal: (value) => String(value).toLowerCase(),
  show: String,
  problem: () => null,
};

interface Held {
  readonly was?: string | null;
  readonly is: string | null | 'unreadable';
  readonly at?: string;
  readonly isBack?: boolean;
}
const seen = (value: string | null): Observed =>
  value === null ? { state: 'blank' } : { state: 'value', value };

/** What each system held at the last look (left out = never seen), and holds now. */
function view(systems: Readonly<Record<string, Held>>): FieldView {
  const [only] = compare(
    [field],
    Object.entries(systems).map(([connection, { was, is, at = null, isBack = false }]) => ({
      connection,
      observed: { email: is === 'unreadable' ? { state: 'not_read' } : seen(is) },
      base: was === undefined ? {} : { email: seen(was) },
      vendorAt: at,
      editors: {},
      isBack,
    })),
  );
  return only as FieldView;
}

const given = (more: Partial<FieldHistory> = {}): FieldHistory => ({
  agreed: 'old',
  pending: null,
  question: null,
  putBacks: 0,
  ...more,
});
const pending = { value: 'new', by: 'rule:review' };
const under = (rule: Rule, terms: Partial<FieldTerms> = {}, approved = true): DecideContext => ({
  project: (_connection, _field, value) => value,
  firstLoadApproved: approved,
  now: new Date('2026-11-21T00:00:00Z'),
  terms: {
    field: 'email',
    rule,
    systemOfRecord: 'xero',
    decideWithinHours: null,
    ifNobodyChooses: 'keep',
    twoPeople: false,
    between: ['hubspot', 'xero', 'cin7-core'],
    ...terms,
  },
});

describe('a field whose new value is on its way', () => {
  it('is asked about when a system that had not got it changed by itself, with what was agreed before', () => {
    const systems = { hubspot: { was: 'new', is: 'new' }, xero: { was: 'old', is: 'other' } };
    expect(decideField(view(systems), given({ pending }), under('review'))).toMatchObject({
      kind: 'ask',
      agreedBefore: 'old',
    });
  });

  it('goes on from whoever brought it and changed again, back to the old value too', () => {
    for (const is of ['newer', 'old']) {
      const systems = { hubspot: { was: 'new', is }, xero: { was: 'old', is: 'old' } };
      expect(decideField(view(systems), given({ pending }), under('review'))).toMatchObject({
        kind: 'bring',
        value: is,
      });
    }
  });

  it('is asked about when the rule has become “approve” meanwhile', () => {
    const systems = { hubspot: { was: 'new', is: 'new' }, xero: { was: 'old', is: 'old' } };
    expect(decideField(view(systems), given({ pending }), under('approve')).kind).toBe('ask');
  });

  it('follows the latest by the vendors’ times, not by which was read last', () => {
    const systems = {
      hubspot: { was: 'new', is: 'new', at: '2026-11-20T10:00:00.500Z' },
      xero: { was: 'old', is: 'earlier', at: '2026-11-20T10:00:00Z' },
    };
    const latest = given({ pending: { value: 'new', by: 'rule:latest' } });
    expect(decideField(view(systems), latest, under('latest'))).toMatchObject({
      kind: 'bring',
      value: 'new',
    });
  });
});

describe('a field that took no part', () => {
  it('because it could not be read, keeps its last value and gets what changed', () => {
    const systems = { hubspot: { was: 'old', is: 'new' }, xero: { was: 'old', is: 'unreadable' as const } };
    expect(decideField(view(systems), given(), under('review'))).toMatchObject({
      kind: 'bring',
      value: 'new',
    });
  });

  it('because its record was archived, gets what was agreed meanwhile, and its own change counts', () => {
    const stale = { hubspot: { was: 'old', is: 'old' }, xero: { was: 'stale', is: 'stale', isBack: true } };
    expect(decideField(view(stale), given(), under('overwrite'))).toMatchObject({
      kind: 'bring',
      value: 'old',
      by: 'rule:agreed',
    });
    const changed = { ...stale, xero: { was: 'stale', is: 'fresh', isBack: true } };
    expect(decideField(view(changed), given(), under('overwrite'))).toMatchObject({ value: 'fresh' });
  });

  it('because its record was archived, and was typed into there, is asked about where the others moved on meanwhile', () => {
    const typed = { was: 'old', is: 'typed while archived', isBack: true };
    const moved = { hubspot: { was: 'newer', is: 'newer' }, xero: typed };
    expect(decideField(view(moved), given({ agreed: 'newer' }), under('review')).kind).toBe('ask');
    const stayed = { hubspot: { was: 'old', is: 'old' }, xero: typed };
    expect(decideField(view(stayed), given(), under('review'))).toMatchObject({
      kind: 'bring',
      value: typed.is,
    });
  });

  it('because its record was archived, wipes nothing that stands apart because nobody chose in time, and is not wiped', () => {
    const option = (connection: string, value: string) => ({
      connection,
      value,
      asAgreed: false,
      changedAt: null,
      changedBy: null,
    });
    const leftApart = [option('hubspot', 'a'), option('xero', 'b')];
    const back = { hubspot: { was: 'a', is: 'a' }, xero: { was: 'b', is: 'b', isBack: true } };
    const all = { ...back, 'cin7-core': { was: 'old', is: 'old' } };
    expect(decideField(view(all), given({ leftApart }), under('review')).kind).toBe('nothing');
    // What became of it since then is another matter.
    const later = { hubspot: { was: 'new', is: 'new' }, xero: { was: 'old', is: 'old', isBack: true } };
    expect(decideField(view(later), given({ agreed: 'new', leftApart }), under('review'))).toMatchObject({
      kind: 'bring',
      value: 'new',
    });
  });

  it('because it is new, is not wiped by a blank that nobody chose against it', () => {
    const systems = { hubspot: { is: 'brought along' }, xero: { was: null, is: null } };
    expect(decideField(view(systems), given({ agreed: null }), under('overwrite')).kind).toBe('ask');
  });
});

describe('before the owner approved the counts', () => {
  it('a field on which the systems agreed waits as well when one of them changes', () => {
    const systems = { hubspot: { was: 'old', is: 'new' }, xero: { was: 'old', is: 'old' } };
    expect(decideField(view(systems), given(), under('review', {}, false))).toEqual({
      kind: 'hold',
      reason: 'first_load',
    });
  });
});
