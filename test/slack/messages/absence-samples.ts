import { partialWords, unansweredWords } from '#src/alerts/words.ts';
import { drawAlert } from '#src/slack/messages/alert/alert.ts';
import type { AlertFacts } from '#src/slack/messages/alert/facts.ts';
import { drawSafetyStop, type SafetyStopFacts } from '#src/slack/messages/alert/safety-stop.ts';
import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawGone, type GoneFacts } from '#src/slack/messages/gone.ts';
import { alert } from './alert-samples.ts';
import { at, owner, zone } from './sample-time.ts';

export const gone: GoneFacts = {
  number: 7,
  revision: 2,
  drawing: 1,
  title: 'Harbour Cafe',
  noun: { one: 'customer', many: 'customers' },
  flowName: 'Customers',
  system: 'HubSpot',
  mergedInto: null,
  elsewhere: [
    { label: 'Xero', url: 'https://go.xero.example/contacts/1' },
    { label: 'Cin7 Core', url: null },
  ],
  state: 'asked',
  choices: ['archive', 'keep', 'make'],
  confirmedAt: at('02:31:00'),
  deciders: ['Priya Nair', 'Tom Walsh'],
  by: null,
  at: null,
  done: false,
  reference: 'tr-7F3K92QDXB',
  more: 0,
  inLine: false,
  zone,
};
const chosen = { revision: 3, by: owner, at: at('09:12:00'), done: true };

export const stop: SafetyStopFacts = {
  number: 12,
  revision: 1,
  drawing: 1,
  kind: 'writes',
  state: 'open',
  flowName: 'Customers',
  noun: { one: 'customer', many: 'customers' },
  records: 312,
  usual: 14,
  of: 640,
  examples: [
    {
      title: 'Harbour Cafe',
      field: 'Payment terms',
      from: '30 days',
      to: '7 days',
      hidden: false,
      systems: [],
    },
    { title: 'Bunya Glass', field: 'Payment terms', from: null, to: '7 days', hidden: false, systems: [] },
    { title: 'Wattle Bakery', field: 'Email', from: null, to: null, hidden: true, systems: [] },
    {
      title: 'Specimen *Bold* & Sons',
      field: 'Legal name',
      from: 'Specimen Pty Ltd',
      to: 'SPECIMEN',
      hidden: false,
      systems: [],
    },
    {
      title: 'Nullarbor Roadhouse',
      field: 'Payment terms',
      from: '14 days',
      to: '7 days',
      hidden: false,
      systems: [],
    },
  ],
  openedAt: at('09:01:00'),
  deciders: ['Priya Nair'],
  decidedBy: null,
  decidedAt: null,
  zone,
};
const whole = (title: string, systems: string[]) => ({
  title,
  field: null,
  from: null,
  to: null,
  hidden: false,
  systems,
});
const answered = { revision: 2, decidedBy: owner, decidedAt: at('09:20:00'), examples: [] } as const;

const ofData = (cause: AlertFacts['cause'], more: Partial<AlertFacts>): Drawn =>
  drawAlert({ ...alert, cause, system: null, credentialsNote: null, ...more });
const missing = [
  { title: 'Harbour Cafe', missingIn: ['Xero'] },
  { title: 'Bunya Glass', missingIn: ['Xero', 'Cin7 Core'] },
  { title: 'Wattle Bakery', missingIn: ['Cin7 Core'] },
];
const recovered = { state: 'recovered', recoveredAt: at('11:12:00'), revision: 2, waiting: 0 } as const;

/** What is gone, what is too much at once, and what is not everywhere. */
export const absences: Readonly<Record<string, Drawn>> = {
  'gone-merged': drawGone({ ...gone, mergedInto: 'Harbour Cafe and Bar' }),
  'gone-asks': drawGone(gone),
  'gone-asks-less': drawGone({ ...gone, choices: ['keep'], elsewhere: gone.elsewhere.slice(0, 1), more: 3 }),
  'gone-archiving': drawGone({ ...gone, ...chosen, state: 'archive', done: false }),
  'gone-archived': drawGone({ ...gone, ...chosen, state: 'archive' }),
  'gone-archived-by-rule': drawGone({ ...gone, ...chosen, state: 'archive', by: 'rule:when_gone' }),
  'gone-kept': drawGone({ ...gone, ...chosen, state: 'keep' }),
  'gone-being-made': drawGone({ ...gone, ...chosen, state: 'make', done: false }),
  'gone-made-again': drawGone({ ...gone, ...chosen, state: 'make' }),
  'gone-ignored': drawGone({ ...gone, ...chosen, state: 'ignore', by: 'rule:when_gone' }),
  'gone-back': drawGone({ ...gone, ...chosen, state: 'back', by: 'rule:when_gone' }),
  'gone-waits': drawGone({ ...gone, revision: 3, state: 'waits' }),
  'safety-stop-writes': drawSafetyStop(stop),
  'safety-stop-blanks': drawSafetyStop({
    ...stop,
    kind: 'blanks',
    records: 2,
    usual: 0,
    of: 40,
    examples: [
      {
        title: 'Harbour Cafe',
        field: 'Payment terms',
        from: '30 days',
        to: null,
        hidden: false,
        systems: [],
      },
      { title: 'Bunya Glass', field: 'Phone', from: null, to: null, hidden: true, systems: [] },
    ],
  }),
  'safety-stop-makes': drawSafetyStop({
    ...stop,
    kind: 'makes',
    usual: 0,
    examples: [whole('Harbour Cafe', ['Xero', 'Cin7 Core']), whole('Bunya Glass', ['Xero'])],
  }),
  'safety-stop-gone': drawSafetyStop({
    ...stop,
    kind: 'gone',
    examples: [whole('Harbour Cafe', ['HubSpot'])],
  }),
  'safety-stop-approved': drawSafetyStop({ ...stop, ...answered, state: 'approved' }),
  'safety-stop-refused': drawSafetyStop({ ...stop, ...answered, state: 'refused' }),
  'safety-stop-over': drawSafetyStop({ ...stop, revision: 2, state: 'over', examples: [] }),
  'alert-partial': ofData('partial', {
    waiting: 3,
    message: partialWords({ hours: 24, missing, records: 3 }),
  }),
  'alert-partial-over': ofData('partial', { ...recovered, message: 'It works again.' }),
  'alert-zero-rows': ofData('zero_rows', {
    system: 'Xero',
    message: 'Xero lists no customers at all, where 640 are known. Nothing was taken as deleted.',
  }),
  'alert-zero-rows-over': ofData('zero_rows', { ...recovered, system: 'Xero', message: 'It works again.' }),
  'alert-safety-stop': ofData('safety_stop', { waiting: 312, message: unansweredWords({ hours: 4 }) }),
  'alert-safety-stop-over': ofData('safety_stop', { ...recovered, message: 'It works again.' }),
};
