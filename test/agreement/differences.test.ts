import { describe, expect, it } from 'vitest';
import type { Agreement } from '#src/agreement/agreement.ts';
import { completed } from '#src/agreement/complete.ts';
import { differencesOf, endedFlows, reachedAs } from '#src/agreement/differences.ts';
import { readAgreement } from '#src/agreement/read.ts';
import { customersOnly } from '#test/support/customers-only.ts';

const text = customersOnly();

/** `truce.yml` with these edits. */
function read(...edits: readonly (readonly [from: string, to: string])[]): Agreement {
  const edited = edits.reduce((all, [from, to]) => {
    if (!all.includes(from)) throw new Error(`truce.yml does not say: ${from}`);
    return all.replace(from, to);
  }, text);
  const result = readAgreement(edited, 'truce.yml');
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join(' '));
  return result.agreement;
}
const before = read();
const difference = (...edits: readonly (readonly [from: string, to: string])[]) =>
  differencesOf(before, read(...edits)).get('customers');

describe('what decides over no value sets nothing apart', () => {
  it.each<[string, readonly (readonly [string, string])[]]>([
    ['nothing', []],
    ['people', [['name: Tom Walsh', 'name: Tom W']]],
    ['deciders', [['deciders: [priya]', 'deciders: [priya, tom]']]],
    ['the channel', [['channel: sync-customers', 'channel: others']]],
    ['the schedule', [["cron: '* * * * *'", "cron: '*/5 * * * *'"]]],
    ['a limit', [['decide_within_hours: 24', 'decide_within_hours: 48']]],
    ['what follows when nobody chooses', [['if_nobody_chooses: keep', 'if_nobody_chooses: hold']]],
    ['alerts', [['late_after_minutes: 3', 'late_after_minutes: 30']]],
    ['names of credentials', [['token: HUBSPOT_TOKEN', 'token: HUBSPOT_KEY']]],
    ['an address', [['    system: xero\n', '    system: xero\n    base_url: https://xero.test/\n']]],
    ['calls', [['per_day: 5000', 'per_day: 6000']]],
  ])('%s', (_, edits) => {
    expect(difference(...edits)).toBeUndefined();
  });

  it('nor does where it is read from: a body out of the database, with its keys in another order', () => {
    const reversed = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(reversed)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, held]) => [key, reversed(held)]),
            )
          : value;
    expect([...differencesOf(completed(reversed(before) as Agreement), before)]).toEqual([]);
  });
});

describe('what decides otherwise', () => {
  it('is named field by field', () => {
    const found = difference(
      ['email: { rule: review }', 'email: { rule: overwrite }'],
      ['phone: { rule: overwrite, system_of_record: hubspot }', 'phone: { rule: overwrite }'],
      ['      acn: { rule: overwrite }\n', ''],
      ['delivery_address: { rule: review }', 'delivery_address: { rule: review, between: [hubspot, xero] }'],
    );
    expect(Object.keys(found?.fields ?? {}).sort()).toEqual(['acn', 'delivery_address', 'email', 'phone']);
    expect(found?.fields.acn?.after).toBeNull();
    expect([found?.joins, found?.leaves, found?.readsAnew]).toEqual([[], [], []]);
  });

  it('tells which systems begin to take part with a field', () => {
    const narrow = read(['email: { rule: review }', 'email: { rule: review, between: [hubspot, xero] }']);
    const [found] = differencesOf(narrow, before).values();
    expect(found?.fields.email?.joins).toEqual(['cin7-core']);
    expect(found?.joins).toEqual([]);
  });

  it('tells what a connection means otherwise, and where more is made', () => {
    expect(difference(['gst: OUTPUT,', 'gst: OUTPUT2,'])?.readsAnew).toEqual(['xero']);
    expect(difference(['hubspot: [xero]', 'hubspot: [xero, cin7-core]'])?.makes).toEqual({
      hubspot: ['cin7-core'],
    });
    expect(difference(['xero: [hubspot]\n', 'xero: [hubspot]\n'])).toBeUndefined();
    expect(difference(['    channel: sync', '    when_gone: archive\n    channel: sync'])?.archives).toBe(
      true,
    );
  });

  it('tells the flows that are no more; one that is new is nobody’s before', () => {
    const other = { ...before, flows: { clients: { ...before.flows.customers, id: 'clients' } as never } };
    expect(endedFlows(before, other).map(({ id }) => id)).toEqual(['customers']);
    expect([...differencesOf(before, other)]).toEqual([]);
  });
});

describe('connections', () => {
  it('are reached as this process says, and mean what was agreed', () => {
    const here = read(
      ['token: HUBSPOT_TOKEN', 'token: HUBSPOT_KEY'],
      ['gst: OUTPUT,', 'gst: OUTPUT2,'],
      ['    system: xero\n', '    system: xero\n    base_url: https://xero.test/\n'],
    ).connections;
    const reached = reachedAs(before.connections, here);
    expect(reached.hubspot?.credentials).toEqual(here.hubspot?.credentials);
    expect(reached.xero).toEqual({ ...before.connections.xero, baseUrl: 'https://xero.test' });
    const { xero: _, ...without } = here;
    expect(reachedAs(before.connections, without).xero).toEqual(before.connections.xero);
  });
});
