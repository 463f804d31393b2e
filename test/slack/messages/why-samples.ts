import { drawWhy, drawWhyUnclear } from '#src/slack/messages/lookup/why.ts';
import type { WhyFacts, WhyStep } from '#src/slack/messages/lookup/why-facts.ts';
import { at, owner, zone } from './sample-time.ts';

const seen = (time: string, system: string, value: string, more: Partial<WhyStep> = {}): WhyStep =>
  ({ kind: 'seen', at: at(time), system, value, by: null, first: false, ...more }) as WhyStep;

const steps: WhyStep[] = [
  seen('08:00:00', 'HubSpot', '30 days after the invoice', { first: true }),
  seen('08:00:00', 'Xero', '30 days after the invoice', { first: true }),
  {
    kind: 'agreed',
    at: at('08:00:00'),
    value: '30 days after the invoice',
    by: 'same',
    owner: 'Xero',
    agreement: 6,
    reference: null,
  },
  seen('09:00:00', 'Xero', '14 days after the invoice', { by: 'Jo Smith' }),
  { kind: 'saved', at: at('09:01:00'), system: 'HubSpot', value: '14 days after the invoice' },
  {
    kind: 'agreed',
    at: at('09:01:00'),
    value: '14 days after the invoice',
    by: 'rule:overwrite',
    owner: 'Xero',
    agreement: 7,
    reference: 'tr-7F3K92QDXB',
  },
];

const why: WhyFacts = {
  kind: 'why',
  title: 'Example Timber Pty Ltd',
  field: 'Payment terms',
  command: '/sync',
  flowName: 'Customers',
  zone,
  agreed: '14 days after the invoice',
  origin: { system: 'Xero', by: 'Jo Smith', at: at('09:00:00') },
  now: [
    { system: 'HubSpot', value: '14 days after the invoice' },
    { system: 'Xero', value: '14 days after the invoice' },
  ],
  steps,
};

const chosen: WhyStep = {
  kind: 'agreed',
  at: at('09:30:00'),
  value: '(hidden)',
  by: owner,
  owner: 'Xero',
  agreement: 7,
  reference: 'tr-7F3K92QDXB',
};

export const whys = {
  'why-by-rule': drawWhy(why),
  'why-by-person': drawWhy({
    ...why,
    field: 'Email',
    agreed: '(hidden)',
    origin: null,
    now: [{ system: 'Xero', value: '(hidden)' }],
    steps: [chosen],
  }),
  'why-not-agreed': drawWhy({ ...why, agreed: null, origin: null, steps: steps.slice(0, 2) }),
  'why-long': drawWhy({
    ...why,
    steps: Array.from({ length: 60 }, (_, i) => ({ ...chosen, agreement: i + 1 })),
  }),
  'why-which-field': drawWhyUnclear(
    { kind: 'which_field', title: 'Example Timber Pty Ltd', fields: ['ABN', 'Email'] },
    '/sync',
  ),
  'why-which-record': drawWhyUnclear(
    { kind: 'which_record', records: ['Example Timber Pty Ltd', 'Example Timber (Vic)'], field: 'Email' },
    '/sync',
  ),
  'why-nothing': drawWhyUnclear({ kind: 'nothing', words: 'Exampel *Timber*' }, '/sync'),
};

/** A value as bad as a vendor can send it. */
export const hostileWhy = (text: string) =>
  drawWhy({
    ...why,
    title: text,
    agreed: text,
    origin: { system: 'Xero', by: text, at: at('09:00:00') },
    now: [{ system: 'Xero', value: text }],
    steps: Array.from({ length: 40 }, () => seen('09:00:00', 'Xero', text, { by: text } as Partial<WhyStep>)),
  });
