import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deciderNames,
  mayAgree,
  mayConnect,
  mayDecide,
  mayOperate,
  maySee,
  membership,
  type PersonFacts,
} from '#src/slack/people.ts';
import { agreement } from './stage.ts';

const home = 'T0PRACTICE';
const flow = agreement().flows.customers ?? expect.fail('no flow');
const member = (id: string, more: Partial<PersonFacts> = {}): PersonFacts => ({
  id,
  teams: [home],
  isBot: false,
  deactivated: false,
  guest: false,
  stranger: false,
  ...more,
});
const priya = member('U0PRIYA001');
const tom = member('U0TOMW0001');
const sam = member('U0SAML0001');

describe('who may do what', () => {
  test('deciders decide, owners operate, both see; others hear who can', () => {
    expect(mayDecide(priya, flow, home)).toEqual({ kind: 'yes' });
    expect(mayDecide(tom, flow, home)).toEqual({ kind: 'others', who: ['U0PRIYA001'] });
    expect(mayOperate(tom, flow, home)).toEqual({ kind: 'yes' });
    expect(mayOperate(sam, flow, home)).toEqual({ kind: 'others', who: ['U0PRIYA001', 'U0TOMW0001'] });
    expect([priya, tom, sam].map((person) => maySee(person, flow, home))).toEqual([true, true, false]);
  });

  test('the technical owners of the syncs that use a connection connect it', () => {
    const other = {
      ...flow,
      id: 'stock',
      connections: ['xero'],
      owners: { ...flow.owners, technical: flow.owners.business },
    };
    const both = { ...agreement(), flows: { customers: flow, stock: other } };
    const kinds = (connection: string) =>
      [priya, tom, sam].map((person) => mayConnect(person, both, connection, home).kind);
    expect(kinds('xero')).toEqual(['yes', 'yes', 'others']);
    expect(kinds('hubspot')).toEqual(['others', 'yes', 'others']);
    expect(mayConnect(sam, both, 'nowhere', home)).toEqual({ kind: 'others', who: [] });
    expect(mayConnect({ ...tom, guest: true }, both, 'xero', home)).toEqual({ kind: 'not_member' });
    expect(mayConnect(null, both, 'xero', home)).toEqual({ kind: 'unknown' });
  });

  test('who stands in for somebody today may do what they may, and is named in their place', () => {
    const { business, technical } = flow.owners;
    const standIn = { id: 'sam', name: 'Sam Lee', slack: 'U0SAML0001', knownAs: [] };
    const away = { ...business, standIn };
    const now = { ...flow, owners: { business: away, technical }, deciders: [away] };
    expect([priya, sam].map((person) => mayDecide(person, now, home).kind)).toEqual(['yes', 'yes']);
    expect(mayDecide(tom, now, home)).toEqual({ kind: 'others', who: ['U0SAML0001'] });
    expect(mayOperate(sam, now, home)).toEqual({ kind: 'yes' });
    expect(mayAgree(sam, now, home)).toEqual({ kind: 'yes' });
    expect(maySee(sam, now, home)).toBe(true);
    expect(deciderNames(now)).toEqual(['Sam Lee (for Priya Nair)']);
    expect(mayDecide({ ...sam, guest: true }, now, home)).toEqual({ kind: 'not_member' });
    const both = {
      ...agreement(),
      flows: { customers: { ...now, owners: { business, technical: { ...technical, standIn } } } },
    };
    expect(mayConnect(sam, both, 'xero', home)).toEqual({ kind: 'yes' });
    expect(mayConnect(priya, both, 'xero', home)).toEqual({ kind: 'others', who: ['U0SAML0001'] });
  });

  test('nobody whom Slack cannot name', () => {
    expect(mayDecide(null, flow, home)).toEqual({ kind: 'unknown' });
    expect(maySee(null, flow, home)).toBe(false);
  });

  test('no guest, bot, deactivated or foreign person, whatever the agreement says', () => {
    const flaws = fc.record({
      isBot: fc.boolean(),
      deactivated: fc.boolean(),
      guest: fc.boolean(),
      stranger: fc.boolean(),
      teams: fc.subarray([home, 'T0FREIGHT0']),
    });
    fc.assert(
      fc.property(flaws, (flaw) => {
        const sound =
          !flaw.isBot && !flaw.deactivated && !flaw.guest && !flaw.stranger && flaw.teams.includes(home);
        const verdict = mayDecide({ ...priya, ...flaw }, flow, home);
        expect(verdict.kind).toBe(sound ? 'yes' : 'not_member');
        expect(membership({ ...sam, ...flaw }, home).kind).toBe(sound ? 'yes' : 'not_member');
      }),
    );
  });

  test('a person of several workspaces of one organisation belongs to each', () => {
    expect(mayDecide(member('U0PRIYA001', { teams: ['T0OTHER', home] }), flow, home)).toEqual({
      kind: 'yes',
    });
  });
});
