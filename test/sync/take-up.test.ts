import { describe, expect, test } from 'vitest';
import type { Observation } from '#src/connectors/connector.ts';
import { customer } from '#src/entities/customer.ts';
import type { FieldValue, Observed } from '#src/entities/field.ts';
import { madeByUs } from '#src/sync/making/take-up.ts';

const value = (held: FieldValue): Observed => ({ state: 'value', value: held });
const blank: Observed = { state: 'blank' };
const sentBy = '2026-11-20T00:00:30.000Z';
const meanwhile = '2026-11-20T00:00:10.000Z';
const later = '2026-11-20T09:00:00.000Z';

const observed = (
  fields: Readonly<Record<string, Observed>>,
  more: Partial<Pick<Observation, 'vendorAt' | 'editors'>> = {},
): Observation => ({
  externalId: 'xero-7',
  role: 'customer',
  fields,
  vendorAt: meanwhile,
  editors: {},
  archived: false,
  url: null,
  also: [],
  marker: null,
  drift: [],
  ...more,
});
const ours = (sent: Readonly<Record<string, FieldValue>>, observation: Observation) =>
  Object.keys(madeByUs(customer.fields, { fields: sent, sentBy }, observation));

/** Promise 17, crash-safe: what was made and never read is taken up as what it is. */
describe('of a record that we made, when it is read for the first time', () => {
  test('what was sent is ours, even as the system writes it', () => {
    const sent = { legal_name: 'Fairy Wren Interiors Pty Ltd', phone: '+61255501870' };
    const held = { legal_name: value('Fairy Wren Interiors Pty Ltd'), phone: value('(02) 5550 1870') };
    expect(ours(sent, observed(held))).toEqual(['legal_name', 'phone']);
  });

  test('what the system filled in by itself, or left blank, is no news', () => {
    const held = {
      legal_name: value('Wren'),
      payment_terms: value({ days: 30, from: 'invoice' }),
      phone: blank,
    };
    expect(ours({ legal_name: 'Wren' }, observed(held)).sort()).toEqual([
      'legal_name',
      'payment_terms',
      'phone',
    ]);
  });

  test('what was sent and is another value there is a newcomer’s', () => {
    const sent = { legal_name: 'Wren', email: 'hello@wren.example', phone: '+61255501870' };
    const held = { legal_name: value('Wren'), email: value('typed@wren.example'), phone: blank };
    expect(ours(sent, observed(held))).toEqual(['legal_name']);
  });

  test('what was not sent and was touched since is somebody’s', () => {
    const held = { legal_name: value('Wren'), email: value('typed@wren.example') };
    expect(ours({ legal_name: 'Wren' }, observed(held, { vendorAt: later }))).toEqual(['legal_name']);
  });

  test('where the system tells of each field, only that one', () => {
    const held = { email: value('typed@wren.example'), phone: value('(02) 5550 1870') };
    const editors = { email: { by: 'Mia Torres', at: later }, phone: { by: null, at: meanwhile } };
    expect(ours({}, observed(held, { vendorAt: later, editors }))).toEqual(['phone']);
  });

  test('what the system does not name is nothing', () => {
    expect(ours({ legal_name: 'Wren' }, observed({}))).toEqual([]);
  });
});
