import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customer } from '#src/entities/customer.ts';
import type { FieldValue } from '#src/entities/field.ts';
import {
  type DecidedItem,
  decideRollback,
  type Place,
  type Standing,
  type WentOut,
} from '#src/sync/rolling-back/decide-rollback.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 1, minute));
const write = (more: Partial<WentOut> = {}): WentOut => ({
  intentId: 'i1',
  changeId: 'tr-1',
  recordId: 'r1',
  connection: 'hubspot',
  kind: 'update',
  externalId: '100',
  fields: { email: 'new@example.com' },
  before: { email: 'old@example.com' },
  at: at(0),
  ...more,
});
const there = (
  values: Readonly<Record<string, FieldValue | null>>,
  more: Partial<Place & { kind: 'there' }> = {},
): Place => ({
  kind: 'there',
  externalId: '100',
  archived: false,
  locked: false,
  editors: {},
  fields: Object.fromEntries(
    Object.entries(values).map(([field, value]) => [
      field,
      value === null ? { state: 'blank' as const } : { state: 'value' as const, value },
    ]),
  ),
  ...more,
});
const free: Standing = {
  takesPart: true,
  canWrite: true,
  twoPeople: false,
  asking: false,
  pending: null,
  later: null,
};
const decide = (writes: readonly WentOut[], place: Place, standing: Partial<Standing> = {}) =>
  decideRollback({
    fields: customer.fields,
    writes,
    place: () => place,
    standing: () => ({ ...free, ...standing }),
  });
const only = (items: readonly DecidedItem[]): DecidedItem => {
  expect(items).toHaveLength(1);
  return items[0] as DecidedItem;
};

describe('rollback: what goes back', () => {
  it('is what is still as Truce left it', () => {
    const item = only(decide([write()], there({ email: 'new@example.com' })));
    expect(item).toMatchObject({
      verdict: 'goes_back',
      before: 'old@example.com',
      written: 'new@example.com',
      why: null,
    });
  });

  it('is also what the vendor has reformatted', () => {
    const place = there({ phone: '+61 3 5550 1234' });
    const phones = { fields: { phone: '(03) 5550 1234' }, before: { phone: null } };
    expect(only(decide([write(phones)], place)).verdict).toBe('goes_back');
  });

  it('is not what somebody changed since, who is named where the vendor tells', () => {
    const place = there({ email: 'else@example.com' }, { editors: { email: { by: 'Mia Torres' } } });
    const item = only(decide([write()], place));
    expect(item).toMatchObject({
      verdict: 'changed_since',
      found: 'else@example.com',
      changedBy: 'Mia Torres',
    });
  });

  it('is not what Truce wrote again later: that is to be undone first', () => {
    const later = { changeId: 'tr-2', value: 'newer@example.com' };
    const item = only(decide([write()], there({ email: 'newer@example.com' }), { later }));
    expect(item).toMatchObject({ verdict: 'changed_since', changedBy: 'tr-2' });
    // Though it is the same again by now, a decision lies in between.
    const same = only(decide([write()], there({ email: 'new@example.com' }), { later }));
    expect(same.verdict).toBe('changed_since');
  });

  it('is nothing where the old value is there already', () => {
    expect(only(decide([write()], there({ email: 'old@example.com' }))).verdict).toBe('as_before');
  });

  it('counts the first before-image and the last value of several writes, in whatever order they come', () => {
    const first = write();
    const second = write({
      intentId: 'i2',
      fields: { email: 'newer@example.com' },
      before: { email: 'new@example.com' },
      at: at(1),
    });
    for (const writes of [
      [first, second],
      [second, first],
      [second, { ...first, at: at(1) }],
    ]) {
      const item = only(decide(writes, there({ email: 'newer@example.com' })));
      expect(item).toMatchObject({
        verdict: 'goes_back',
        before: 'old@example.com',
        written: 'newer@example.com',
        intentId: 'i2',
      });
    }
  });

  it.each<[string, Place, Partial<Standing>]>([
    ['gone', { kind: 'gone' }, {}],
    ['merged', { kind: 'merged' }, {}],
    ['unreadable', { kind: 'unreadable' }, {}],
    ['unreadable', there({}), {}],
    ['other_record', there({ email: 'new@example.com' }, { externalId: '200' }), {}],
    ['archived', there({ email: 'new@example.com' }, { archived: true }), {}],
    ['locked', there({ email: 'new@example.com' }, { locked: true }), {}],
    ['read_only', there({ email: 'new@example.com' }), { canWrite: false }],
    ['left', there({ email: 'new@example.com' }), { takesPart: false }],
    ['two_people', there({ email: 'new@example.com' }), { twoPeople: true }],
    ['asking', there({ email: 'new@example.com' }), { asking: true }],
    [
      'newer',
      there({ email: 'new@example.com' }),
      { pending: { changeId: 'tr-1', value: 'newer@example.com' } },
    ],
    [
      'newer',
      there({ email: 'new@example.com' }),
      { pending: { changeId: 'tr-2', value: 'new@example.com' } },
    ],
  ])('cannot be what is %s', (why, place, standing) => {
    expect(only(decide([write()], place, standing))).toMatchObject({ verdict: 'cannot', why });
  });

  it('may still be on its way to others: that is dropped with it', () => {
    const pending = { changeId: 'tr-1', value: 'new@example.com' };
    expect(only(decide([write()], there({ email: 'new@example.com' }), { pending })).verdict).toBe(
      'goes_back',
    );
  });

  it('brings back an archived record by its status, and by nothing else', () => {
    const archived = write({
      fields: { status: 'archived', email: 'new@example.com' },
      before: { status: 'active', email: 'old@example.com' },
    });
    const place = there({ status: 'archived', email: 'new@example.com' }, { archived: true });
    const verdicts = decide([archived], place).map(({ field, verdict }) => [field, verdict]);
    expect(Object.fromEntries(verdicts)).toEqual({ status: 'goes_back', email: 'cannot' });
  });

  it('is never a record that Truce made', () => {
    const made = write({ kind: 'create', intentId: 'i0', before: {} });
    expect(only(decide([made], there({ email: 'new@example.com' })))).toMatchObject({
      verdict: 'cannot',
      why: 'made',
      field: '*',
    });
  });
});

describe('rollback, whatever the world looks like', () => {
  const names = ['email', 'phone', 'legal_name', 'status'] as const;
  const value = fc.constantFrom('a@example.com', 'b@example.com', 'c@example.com', null);
  const values = fc.dictionary(fc.constantFrom(...names), value, { minKeys: 1 });
  const wentOut = fc.record({
    intentId: fc.uuid(),
    changeId: fc.constantFrom('tr-1', 'tr-2'),
    recordId: fc.constantFrom('r1', 'r2'),
    connection: fc.constantFrom('hubspot', 'xero'),
    kind: fc.constantFrom('update' as const, 'update' as const, 'create' as const),
    externalId: fc.constant('100'),
    fields: values,
    at: fc.integer({ min: 0, max: 3 }).map(at),
    seed: values,
  });
  /** A before-image for every field that was written. */
  const writes = fc
    .uniqueArray(wentOut, { minLength: 1, maxLength: 6, selector: ({ intentId }) => intentId })
    .map((list) =>
      list.map(
        ({ seed, ...one }): WentOut => ({
          ...one,
          before: Object.fromEntries(Object.keys(one.fields).map((name) => [name, seed[name] ?? null])),
        }),
      ),
    );
  const place: fc.Arbitrary<Place> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .record({
          held: fc.dictionary(fc.constantFrom(...names), value),
          archived: fc.boolean(),
          locked: fc.boolean(),
        })
        .map(({ held, ...more }) => there(held, more)),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Place>(
        { kind: 'gone' },
        { kind: 'merged' },
        { kind: 'unreadable' },
        { kind: 'other_record' },
      ),
    },
  );
  const standing: fc.Arbitrary<Standing> = fc.record({
    takesPart: fc.boolean(),
    canWrite: fc.boolean(),
    twoPeople: fc.boolean(),
    asking: fc.boolean(),
    pending: fc.option(fc.record({ changeId: fc.constantFrom('tr-1', 'tr-9'), value })),
    later: fc.option(fc.record({ changeId: fc.constant('tr-9'), value })),
  });
  const heldIn = (where: Place, field: string) => {
    const observed = where.kind === 'there' ? where.fields[field] : undefined;
    return observed?.state === 'value' ? observed.value : null;
  };

  it('never overwrites what somebody changed since, gives every field one verdict, and changes nothing twice', () => {
    fc.assert(
      fc.property(writes, place, standing, (list, where, stands) => {
        const all = () =>
          decideRollback({
            fields: customer.fields,
            writes: list,
            place: () => where,
            standing: () => stands,
          });
        const items = all();
        const updates = list.filter(({ kind }) => kind === 'update');
        const wanted = new Set(
          updates.flatMap((one) =>
            Object.keys(one.fields).map((f) => `${one.recordId}/${one.connection}/${f}`),
          ),
        );
        const keys = items
          .filter(({ why }) => why !== 'made')
          .map((i) => `${i.recordId}/${i.connection}/${i.field}`);
        expect(new Set(keys)).toEqual(wanted);
        expect(keys).toHaveLength(wanted.size);
        for (const item of items) {
          if (item.verdict !== 'goes_back') continue;
          expect(heldIn(where, item.field)).toEqual(item.written);
          expect(item.before).not.toEqual(item.written);
          const written = updates.filter(
            (one) => one.recordId === item.recordId && one.connection === item.connection,
          );
          expect(written.some((one) => one.fields[item.field] === item.written)).toBe(true);
          expect(written.some((one) => one.before[item.field] === item.before)).toBe(true);
        }
        // The same again, and in any order, is the same.
        expect(all()).toEqual(items);
        const sorted = (some: readonly DecidedItem[]) => some.map((one) => JSON.stringify(one)).sort();
        const reversed = decideRollback({
          fields: customer.fields,
          writes: list.toReversed(),
          place: () => where,
          standing: () => stands,
        });
        expect(sorted(reversed)).toEqual(sorted(items));
        // Put back, nothing is left to do.
        const back = items.filter(({ verdict }) => verdict === 'goes_back');
        for (const item of back) {
          const after: Place =
            where.kind === 'there'
              ? {
                  ...where,
                  fields: {
                    ...where.fields,
                    ...(there({ [item.field]: item.before }) as { fields: object }).fields,
                  },
                }
              : where;
          const again = decideRollback({
            fields: customer.fields,
            writes: list,
            place: () => after,
            standing: () => stands,
          }).find(
            (one) =>
              one.recordId === item.recordId &&
              one.connection === item.connection &&
              one.field === item.field,
          );
          expect(again?.verdict).toBe('as_before');
        }
      }),
      { numRuns: 500 },
    );
  });
});
