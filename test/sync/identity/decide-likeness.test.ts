import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { customer } from '#src/entities/customer.ts';
import type { FieldValue } from '#src/entities/field.ts';
import {
  decideLikeness,
  type LikenessInput,
  type LikenessStep,
  type Look,
} from '#src/sync/identity/decide-likeness.ts';

const abn = '48910000065';
const otherAbn = '50910000074';

function look(
  id: string,
  inUse: readonly string[],
  values: Readonly<Record<string, FieldValue | readonly FieldValue[]>> = {},
  key: string | null = null,
): Look {
  const list = Object.entries(values).map(
    ([field, held]) => [field, Array.isArray(held) ? held : [held as FieldValue]] as const,
  );
  return { id, key, inUse: new Set(inUse), values: new Map(list) };
}

const step = (left: Look, right: Look, more: Partial<LikenessInput> = {}): LikenessStep =>
  decideLikeness({
    left,
    right,
    entity: customer,
    matchBy: 'abn',
    saidApart: false,
    inTheWay: false,
    mergedIn: null,
    ...more,
  });
const says = (one: LikenessStep) =>
  one.kind === 'ask' ? Object.fromEntries(one.evidence.map(({ field, says }) => [field, says])) : one.why;

const wren = { legal_name: 'Fairy Wren Interiors Pty Ltd', email: 'hello@wren.example', phone: '0491570156' };

describe('whether a person is asked if two records are one', () => {
  it('takes more than a name, or an email address, or a phone number alone', () => {
    const hubspot = (values: Record<string, FieldValue>) => look('a', ['hubspot'], values);
    const xero = look('b', ['xero'], wren, abn);
    const { legal_name, email, phone } = wren;
    expect(says(step(hubspot({ legal_name }), xero))).toBe('too_little');
    expect(says(step(hubspot({ email }), xero))).toBe('too_little');
    expect(says(step(hubspot({ legal_name: 'Somebody Else', email, phone }), xero))).toBe('too_little');
    expect(says(step(hubspot({ trading_name: 'FAIRY WREN INTERIORS', email }), xero))).toMatchObject({
      name: 'same',
      email: 'same',
      phone: 'missing',
      abn: 'missing',
    });
    expect(says(step(hubspot({ email, mobile: '+61 491 570 156' }), xero))).toMatchObject({ phone: 'same' });
  });

  it('asks by the company number inside an ABN, and by an ABN with one slip in it', () => {
    const known = look('b', ['xero'], { legal_name: 'Tanami Drilling', abn: '54910000092' }, '54910000092');
    expect(says(step(look('a', ['hubspot'], { acn: '910 000 092' }), known))).toMatchObject({ acn: 'same' });
    const slipped = look('a', ['hubspot'], { legal_name: 'Tanami Drilling', abn: '45 910 000 092' });
    expect(says(step(slipped, known))).toMatchObject({ abn: 'alike', name: 'same' });
    // A placeholder says no more than nothing.
    const placeholder = { legal_name: 'Tanami Drilling', abn: '10000000000' };
    expect(says(step(look('a', ['hubspot'], placeholder), look('b', ['xero'], placeholder)))).toBe(
      'too_little',
    );
  });

  it('never asks where each has a valid ABN of its own, unless four other things agree', () => {
    const all = { ...wren, billing_address: { line1: '9 Boronia Ave', city: 'Fremantle', postcode: '6160' } };
    const one = look('a', ['hubspot'], { ...wren, abn }, abn);
    expect(says(step(one, look('b', ['xero'], { ...wren, abn: otherAbn }, otherAbn)))).toBe('too_little');
    const apart = step(
      look('a', ['hubspot'], { ...all, abn }, abn),
      look('b', ['xero'], { ...all, abn: otherAbn }, otherAbn),
    );
    expect(says(apart)).toMatchObject({ abn: 'different', name: 'same', address: 'same' });
  });

  it('asks by the name alone where that keeps one from being made, and always where a system merged them', () => {
    const [a, b] = [
      look('a', ['hubspot'], { legal_name: 'Curlew Camping' }, abn),
      look('b', ['xero'], { trading_name: 'Curlew Camping' }, otherAbn),
    ];
    expect(says(step(a, b))).toBe('too_little');
    expect(says(step(a, b, { inTheWay: true }))).toMatchObject({ name: 'same' });
    expect(says(step(a, look('b', ['xero'], {}), { inTheWay: true }))).toBe('too_little');
    const merged = step(a, look('b', ['xero'], { legal_name: 'Owl' }), { mergedIn: 'Cin7 Core' });
    expect(merged).toMatchObject({ kind: 'ask' });
    expect(says(merged)).toMatchObject({ merged: 'same', name: 'different' });
  });

  it('does not ask again what a person has answered', () => {
    const [a, b] = [look('a', ['hubspot'], wren), look('b', ['xero'], wren)];
    expect(says(step(a, b, { saidApart: true, inTheWay: true, mergedIn: 'Xero' }))).toBe('said_apart');
  });
});

const systems = ['hubspot', 'xero', 'cin7-core', 'shop'];
const value = (of: readonly FieldValue[]) => fc.array(fc.constantFrom(...of), { maxLength: 2 });
const aLook = (id: string): fc.Arbitrary<Look> =>
  fc
    .record({
      inUse: fc.subarray(systems),
      key: fc.constantFrom(null, abn, otherAbn),
      values: fc.record({
        legal_name: value(['Fairy Wren', 'Fairy Wren Pty Ltd', 'Fairy Wern', 'Owl Books', 'THE FAIRY WREN']),
        trading_name: value(['Wren', 'Fairy Wren', 'Boobook']),
        abn: value([abn, otherAbn, '48910000056', '910000065', 'none', '10000000000']),
        acn: value(['910000065', '910000074', 'x']),
        email: value([
          'a@wren.example',
          'b@wren.example',
          'A@WREN.EXAMPLE',
          'a@gmail.com',
          'b@gmail.com',
          '?',
        ]),
        phone: value(['0491570156', '+61 491 570 156', '0491570157', 'none']),
        mobile: value(['0491570156', '0491570158']),
        billing_address: value([
          { line1: '1 High St', city: 'Bega', state: 'NSW', postcode: '2550' },
          { line1: '1 High Street', city: 'BEGA', state: 'NSW', postcode: '2550' },
          { city: 'Bega' },
        ]),
      }),
    })
    .map(({ inUse, key, values }) => ({
      id,
      key,
      inUse: new Set(inUse),
      values: new Map(Object.entries(values)),
    }));
const context = fc.record({
  saidApart: fc.boolean(),
  inTheWay: fc.boolean(),
  mergedIn: fc.constantFrom(null, null, 'Xero'),
});

describe('for any two records', () => {
  it('the answer does not depend on which is named first', () => {
    fc.assert(
      fc.property(aLook('a'), aLook('b'), context, (a, b, more) => {
        const [there, back] = [step(a, b, more), step(b, a, more)];
        expect(there.kind).toBe(back.kind);
        if (there.kind === 'no' || back.kind === 'no') {
          expect(there).toEqual(back);
          return;
        }
        expect(there.points).toBe(back.points);
        const mirrored = back.evidence.map(({ left, right, ...rest }) => ({
          ...rest,
          left: right,
          right: left,
        }));
        expect(there.evidence.map(({ field, says }) => [field, says])).toEqual(
          mirrored.map(({ field, says }) => [field, says]),
        );
        const same = (list: typeof mirrored) =>
          list.filter((one) => one.says === 'same' || one.says === 'alike');
        expect(same([...there.evidence])).toEqual(same(mirrored));
      }),
      { numRuns: 500 },
    );
  });

  it('no two that are in use in one and the same system are ever proposed, nor one with itself', () => {
    fc.assert(
      fc.property(aLook('a'), aLook('b'), context, (a, b, more) => {
        const together = [...a.inUse].some((connection) => b.inUse.has(connection));
        if (together) expect(step(a, b, more).kind).toBe('no');
        expect(step(a, a, more).kind).toBe('no');
      }),
      { numRuns: 500 },
    );
  });

  it('more that agrees never makes a question go away', () => {
    fc.assert(
      fc.property(aLook('a'), aLook('b'), context, (a, b, more) => {
        const asked = step(a, b, more).kind === 'ask';
        const shared = 'shared@wren.example';
        const also = (one: Look): Look => ({
          ...one,
          values: new Map([...one.values, ['email', [...(one.values.get('email') ?? []), shared]]]),
        });
        if (asked) expect(step(also(a), also(b), more).kind).toBe('ask');
      }),
      { numRuns: 300 },
    );
  });
});
