import { expect, test } from 'vitest';
import { customer } from '#src/entities/customer.ts';
import type { Entity } from '#src/entities/field.ts';
import { whyUnfit } from '#src/slack/answers/decide.ts';
import type { Desk } from '#src/slack/desk.ts';
import { views } from '#src/slack/listeners/views/index.ts';
import { agreement } from './stage.ts';

/** Two kinds of records with a field of one name: what is fit for the first is not for the second. */
const kind = (name: string, problem: (value: unknown) => string | null): Entity => ({
  ...customer,
  name,
  fields: customer.fields.map((field) => (field.name === 'phone' ? { ...field, problem } : field)),
});
const loose = kind('customer', () => null);
const strict = kind('supplier', (value) => (value === '12' ? 'A phone number has more digits.' : null));
const { flows, ...terms } = agreement();
const flow = flows.customers ?? expect.fail();
const desk = {
  agreement: () => ({
    ...terms,
    flows: { customers: flow, suppliers: { ...flow, id: 'suppliers', entity: 'supplier' } },
  }),
  entity: (name: string) => (name === 'supplier' ? strict : loose),
} as unknown as Desk;
const submit = (use: 'decision_other' | 'reprocess_edit', of: string, typed: string) =>
  views[use]?.({
    desk,
    metadata: `tr-7F3K92QDXB/${of}:phone/r2/C0SYNCCUST`,
    values: { 'typed/value/text': { typed } },
  });

test.each(['decision_other', 'reprocess_edit'] as const)(
  'a typed value is checked by the field of its own sync (%s)',
  (use) => {
    expect(submit(use, 'suppliers', '12')).toEqual({
      kind: 'errors',
      errors: { 'typed/value/text': 'A phone number has more digits.' },
    });
    expect(submit(use, 'suppliers', '0370101234')).toMatchObject({ kind: 'done' });
    expect(submit(use, 'customers', '12')).toMatchObject({ kind: 'done' });
  },
);

test('it is checked again where it is decided, whatever the modal let pass', () => {
  const typed = (entity: string, value: string) =>
    whyUnfit(desk, { entity: entity as 'customer' }, { field: 'phone', value });
  expect(typed('supplier', '12')?.text).toContain('A phone number has more digits.');
  expect(typed('supplier', '0370101234')).toBeNull();
  expect(typed('customer', '12')).toBeNull();
});
