import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawDecision } from '#src/slack/messages/decision/decision.ts';
import type { DecisionFacts, FieldFacts, ValueGroup } from '#src/slack/messages/decision/facts.ts';
import { at, owner, zone } from './sample-time.ts';

const system = (id: string, label: string) => ({ id, label, url: `https://${id}.example/4711` });
const hubspot = system('hubspot', 'HubSpot');
const xero = system('xero', 'Xero');
const cin7 = system('cin7-core', 'Cin7 Core');

const group = (
  systems: ValueGroup['systems'],
  shown: string | null,
  more: Partial<ValueGroup> = {},
): ValueGroup => ({
  systems,
  shown,
  odd: null,
  asAgreed: false,
  changedAt: at('08:47:00'),
  changedBy: null,
  ...more,
});
const asBefore = { asAgreed: true, changedAt: null };

export const address: FieldFacts = {
  name: 'billing_address',
  label: 'Billing address',
  hidden: false,
  state: 'open',
  groups: [
    group([hubspot], '12 Sample St, Melbourne VIC 3000', { changedBy: 'a sales user' }),
    group([xero], '8 Example Rd, Sydney NSW 2000', { changedAt: at('08:52:00') }),
    group([cin7], '4 Specimen Ln, Geelong VIC 3220', asBefore),
  ],
  agreedBefore: '4 Specimen Ln, Geelong VIC 3220',
  deadline: new Date('2026-11-25T09:00:00+11:00'),
  fallback: 'keep',
  ownerLabel: 'Xero',
  chosen: null,
  twoPeople: null,
  note: null,
  withdrawn: null,
};
export const terms: FieldFacts = {
  ...address,
  name: 'payment_terms',
  label: 'Payment terms',
  groups: [
    group([hubspot], '30 days', { changedBy: 'a sales user' }),
    group([xero, cin7], '14 days', asBefore),
  ],
  agreedBefore: '14 days',
  fallback: 'owner_wins',
};
export const email: FieldFacts = {
  ...address,
  name: 'email',
  label: 'E-mail',
  hidden: true,
  groups: [group([hubspot], 'accounts@sample.example'), group([xero], 'office@sample.example')],
  agreedBefore: 'hello@sample.example',
  deadline: null,
};
export const chosen = { shown: '8 Example Rd, Sydney NSW 2000', from: 'Xero', by: owner, at: at('09:21:00') };

export const open: DecisionFacts = {
  changeId: 'tr-7F3K92QDXB',
  revision: 2,
  drawing: 1,
  title: 'Example Timber Pty Ltd',
  noun: 'customer',
  flowName: 'Customers',
  agreement: 7,
  zone,
  state: 'asking',
  waitsFor: null,
  waitsDetail: null,
  deciders: ['Priya Nair'],
  fields: [address],
  saves: [],
  tugs: [],
  closedAt: null,
  forgottenAfterDays: null,
  undoable: 'no',
  custom: null,
  undone: null,
};
export const saved = (
  outcome: 'has_it' | 'saved' | 'saving' | 'checking' | 'refused',
  label: string,
  reason: string | null = null,
  what: readonly string[] = ['billing address'],
) => ({ label, makes: false, outcome, reason, what });
export const done = { ...address, state: 'confirmed' as const, chosen };

/** A decision's message in every state. */
export const decisions: Readonly<Record<string, Drawn>> = {
  'decision-open': drawDecision(open),
  'decision-open-several': drawDecision({
    ...open,
    fields: [address, terms, email, { ...done, label: 'Phone', name: 'phone' }],
    deciders: ['Priya Nair', 'Tom Walsh'],
  }),
  'decision-open-late': drawDecision({
    ...open,
    helper: 'Tom Walsh',
    fields: [{ ...address, fallback: 'hold', isLate: true }],
  }),
  'decision-open-seven': drawDecision({
    ...open,
    fields: Array.from({ length: 7 }, (_, i) => ({ ...terms, name: `detail_${i}`, label: `Detail ${i}` })),
  }),
  'decision-open-long': drawDecision({
    ...open,
    fields: [
      { ...address, groups: address.groups.map((one) => ({ ...one, shown: `${one.shown}, `.repeat(5) })) },
    ],
  }),
  'decision-open-empty': drawDecision({
    ...open,
    fields: [
      {
        ...address,
        fallback: 'hold',
        groups: [group([hubspot], null), group([xero, cin7], '8 Example Rd', asBefore)],
      },
    ],
  }),
  'decision-open-odd': drawDecision({
    ...open,
    fields: [
      {
        ...address,
        groups: [
          group([hubspot], '8 Example Rd, Sydney NSW 3000', {
            odd: 'The postcode 3000 is usually in VIC, the address says NSW.',
          }),
          group([xero, cin7], '8 Example Rd, Sydney NSW 2000', asBefore),
        ],
      },
    ],
  }),
  'decision-saving': drawDecision({
    ...open,
    state: 'writing',
    fields: [{ ...done, state: 'decided_pending' }],
    saves: [saved('has_it', 'Xero'), saved('saving', 'HubSpot'), saved('checking', 'Cin7 Core')],
  }),
  'decision-paused': drawDecision({
    ...open,
    state: 'writing',
    fields: [{ ...done, state: 'decided_pending' }],
    saves: [saved('saved', 'Xero'), saved('saving', 'HubSpot')],
    paused: { until: at('17:00:00') },
  }),
  'decision-paused-openly': drawDecision({
    ...open,
    state: 'writing',
    fields: [{ ...done, state: 'decided_pending' }],
    saves: [saved('saving', 'Xero'), saved('saving', 'HubSpot')],
    paused: { until: null },
  }),
  'decision-settled': drawDecision({
    ...open,
    state: 'settled',
    fields: [done, { ...email, state: 'confirmed', chosen: { ...chosen, shown: 'office@sample.example' } }],
    saves: [saved('has_it', 'Xero'), saved('saved', 'HubSpot'), saved('saved', 'Cin7 Core')],
    closedAt: at('09:41:00'),
  }),
  'decision-failed': drawDecision({
    ...open,
    state: 'failed',
    fields: [{ ...done, state: 'failed' }],
    saves: [
      saved('saved', 'HubSpot'),
      saved('saved', 'Cin7 Core'),
      saved('refused', 'Xero', 'The contact is archived.'),
    ],
  }),
  'decision-failed-put-back': drawDecision({
    ...open,
    state: 'failed',
    fields: [{ ...done, state: 'failed' }],
    saves: [
      saved('saved', 'HubSpot'),
      saved('saved', 'Cin7 Core'),
      saved('refused', 'Xero', 'The contact is archived.'),
    ],
    undoable: 'yes',
  }),
  'decision-failed-by-rule': drawDecision({
    ...open,
    state: 'failed',
    fields: [],
    waitsDetail: 'Xero said it saved the phone, but still has another value.',
    saves: [
      saved('has_it', 'HubSpot', null, []),
      saved('saved', 'Cin7 Core', null, ['phone']),
      saved('refused', 'Xero', 'The phone number is not valid', ['phone']),
    ],
  }),
  'decision-failed-making': drawDecision({
    ...open,
    state: 'failed',
    fields: [],
    waitsDetail: 'The payment term “90 days” is not in the account’s list.',
    saves: [
      saved('has_it', 'HubSpot', null, []),
      { ...saved('saved', 'Xero', null, ['legal name', 'ABN']), makes: true },
      {
        ...saved('refused', 'Cin7 Core', 'The payment term “90 days” is not in the account’s list.', ['ABN']),
        makes: true,
      },
    ],
  }),
  'decision-failed-unasked': drawDecision({
    ...open,
    state: 'failed',
    fields: [],
    waitsDetail: 'line 2 (Gate made to measure) has no GST code',
    saves: [
      saved('has_it', 'HubSpot', null, []),
      {
        ...saved('refused', 'Xero', 'line 2 (Gate made to measure) has no GST code', []),
        makes: true,
        unasked: true,
      },
    ],
  }),
  'decision-waiting-name': drawDecision({
    ...open,
    state: 'held',
    fields: [{ ...address, state: 'confirmed', chosen }],
    waitsFor: 'the name is taken',
    waitsDetail: 'Cin7 Core has “Example Timber” already, without a valid ABN',
  }),
  'decision-withdrawn': drawDecision({
    ...open,
    state: 'withdrawn',
    fields: [{ ...address, state: 'withdrawn' }],
    closedAt: at('09:21:00'),
  }),
  'decision-withdrawn-agreed': drawDecision({
    ...open,
    state: 'withdrawn',
    fields: [
      {
        ...address,
        state: 'withdrawn',
        withdrawn: {
          reason: 'the systems came to agree by themselves',
          settledOn: { shown: '8 Example Rd, Sydney NSW 2000' },
        },
      },
      {
        ...email,
        state: 'withdrawn',
        withdrawn: {
          reason: 'the systems came to agree by themselves',
          settledOn: { shown: 'office@sample.example' },
        },
      },
    ],
    closedAt: at('09:21:00'),
  }),
  'decision-withdrawn-gone': drawDecision({
    ...open,
    state: 'withdrawn',
    fields: [{ ...address, state: 'withdrawn', note: 'gone from a system, and archived elsewhere for that' }],
    closedAt: at('09:21:00'),
  }),
  'decision-withdrawn-each': drawDecision({
    ...open,
    state: 'withdrawn',
    fields: [
      {
        ...address,
        state: 'withdrawn',
        withdrawn: { reason: 'the systems came to agree by themselves', settledOn: { shown: null } },
      },
      { ...terms, state: 'withdrawn', note: 'the agreement no longer keeps the payment terms in step' },
    ],
    closedAt: at('09:21:00'),
  }),
  'decision-expired': drawDecision({
    ...open,
    state: 'settled',
    fields: [
      { ...address, state: 'expired' },
      { ...terms, state: 'expired' },
    ],
    closedAt: at('09:21:00'),
  }),
  'decision-waiting': drawDecision({
    ...open,
    state: 'held',
    fields: [{ ...address, state: 'withdrawn' }],
    waitsFor: 'no ABN',
    waitsDetail: 'not in Xero',
  }),
};
