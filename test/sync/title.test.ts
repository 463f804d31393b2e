import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FieldTerms } from '#src/agreement/agreement.ts';
import { customer } from '#src/entities/customer.ts';
import type { Observed } from '#src/entities/field.ts';
import { titleOf } from '#src/sync/deciding/title.ts';

const terms = (systemOfRecord: string) => ({ systemOfRecord }) as FieldTerms;
const setting = {
  entity: customer,
  flow: {
    connections: ['hubspot', 'xero', 'cin7'],
    fields: { legal_name: terms('xero'), trading_name: terms('hubspot') },
  },
};
const value = (text: string): Observed => ({ state: 'value', value: text });
const none = new Map<string, Record<string, Observed>>();

it('goes by the name that the system has which wins for it', () => {
  const bases = new Map([
    ['cin7', { trading_name: value('Cin7’s'), legal_name: value('Legal') }],
    ['hubspot', { trading_name: value('HubSpot’s'), legal_name: value('Legal') }],
  ]);
  expect(titleOf(setting, bases, none)).toBe('HubSpot’s');
});

it('goes by another system’s name where that one has none', () => {
  const bases = new Map<string, Record<string, Observed>>([
    ['hubspot', { trading_name: { state: 'blank' }, legal_name: value('Legal') }],
    ['cin7', { trading_name: value('Cin7’s') }],
  ]);
  expect(titleOf(setting, bases, none)).toBe('Cin7’s');
});

it('takes what was just read for what was seen before, but not what could not be read', () => {
  const bases = new Map([['hubspot', { trading_name: value('Old'), legal_name: value('Legal') }]]);
  expect(titleOf(setting, bases, new Map([['hubspot', { trading_name: value('New') }]]))).toBe('New');
  expect(titleOf(setting, bases, new Map([['hubspot', { trading_name: { state: 'blank' } }]]))).toBe('Legal');
  expect(titleOf(setting, bases, new Map([['hubspot', { trading_name: { state: 'not_read' } }]]))).toBe(
    'Old',
  );
});

it('is the same in whatever order systems are read', () => {
  const systems = fc.uniqueArray(fc.constantFrom('hubspot', 'xero', 'cin7', 'shop', 'sheet'), {
    minLength: 1,
  });
  fc.assert(
    fc.property(systems, fc.infiniteStream(fc.nat()), (ids, order) => {
      const entries = ids.map(
        (id) => [id, { trading_name: value(id), legal_name: value(`${id} Ltd`) }] as const,
      );
      const shuffled = entries
        .map((entry) => [order.next().value ?? 0, entry] as const)
        .sort(([a], [b]) => a - b)
        .map(([, entry]) => entry);
      expect(titleOf(setting, new Map(shuffled), none)).toBe(titleOf(setting, new Map(entries), none));
    }),
  );
});
