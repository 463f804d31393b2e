import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Flow } from '#src/agreement/agreement.ts';
import { customer } from '#src/entities/customer.ts';
import type { Conflict } from '#src/ledger/records/records.ts';
import { alikeTo, answerOf, changedIn, shapeOf } from '#src/slack/facts/alike.ts';
import { fieldNamed } from '#src/slack/facts/fields.ts';
import { agreement } from '../stage.ts';

const flow = agreement().flows.customers as Flow;
const phone = fieldNamed(customer, 'phone');
const option = (connection: string, value: string | null, asAgreed = false) => ({
  connection,
  value,
  asAgreed,
  changedAt: null,
  changedBy: null,
});
const question = {
  field: 'phone',
  fallback: 'keep' as const,
  agreedBefore: '(03) 5550 1111',
  options: [
    option('hubspot', '(03) 5550 2222'),
    option('xero', '(03) 5550 3333'),
    option('cin7-core', '(03) 5550 1111', true),
  ],
};
const other = (more: Partial<typeof question>) => ({ ...question, ...more });

it('is the same difference whatever the values are, and in whatever order the systems stand', () => {
  const values = question.options.map((one) => ({ ...one, value: one.asAgreed ? one.value : 'another' }));
  expect(shapeOf(other({ options: values.toReversed() }), flow)).toBe(shapeOf(question, flow));
});

it('is another where another system changed it, where a value is empty, and by another rule', () => {
  const shapes = [
    shapeOf(question, flow),
    shapeOf(
      other({ options: question.options.map((one) => ({ ...one, asAgreed: one.connection === 'xero' })) }),
      flow,
    ),
    shapeOf(
      other({
        options: question.options.map((one) => (one.connection === 'xero' ? { ...one, value: null } : one)),
      }),
      flow,
    ),
    shapeOf(other({ field: 'email' }), flow),
    shapeOf({ ...question, fallback: 'hold' }, flow),
    shapeOf({ ...question, agreedBefore: null }, flow),
  ];
  expect(new Set(shapes).size).toBe(shapes.length);
});

it('is none where two people choose: each of those is chosen by itself', () => {
  const terms = { ...flow.fields.phone, twoPeople: true } as Flow['fields'][string];
  const two = { ...flow, fields: { ...flow.fields, phone: terms } };
  expect(shapeOf(question, two)).toBeNull();
  expect(
    alikeTo(question, [{ question: question as unknown as Conflict, change: {} as never }], two),
  ).toEqual([]);
});

it('writes to every system that has another value, and to no other, whichever is taken', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.option(fc.constantFrom('(03) 5550 1111', '03 5550 1111', '(03) 5550 2222'), { nil: null }),
        {
          minLength: 3,
          maxLength: 3,
        },
      ),
      fc.constantFrom('hubspot', 'xero', 'cin7-core', 'agreed'),
      (values, from) => {
        const options = ['hubspot', 'xero', 'cin7-core'].map((id, i) => option(id, values[i] ?? null));
        const given = answerOf({ options, agreedBefore: '(03) 5550 1111' }, from, phone);
        expect(given).not.toBeNull();
        for (const one of options) {
          const isSame =
            one.value === given?.value ||
            (one.value !== null &&
              given?.value != null &&
              phone.normal(one.value) === phone.normal(given.value));
          expect(given?.to.includes(one.connection)).toBe(!isSame);
        }
      },
    ),
  );
  expect(answerOf(question, 'myob', phone)).toBeNull();
  expect(changedIn(question)).toEqual(['hubspot', 'xero']);
});
