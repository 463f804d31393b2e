import { drawAlertLookup } from '#src/slack/messages/alert/history.ts';
import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawDecision } from '#src/slack/messages/decision/decision.ts';
import type { CallFacts, ChangeLookup, StoryFacts } from '#src/slack/messages/lookup/facts.ts';
import {
  drawCalls,
  drawChangeLookup,
  drawNotAReference,
  drawNotFound,
  drawRunLookup,
} from '#src/slack/messages/lookup/lookup.ts';
import { drawKept, noLongerLocked, nothingAgreed } from '#src/slack/messages/rollback/locked.ts';
import { alert } from './alert-samples.ts';
import { address, open } from './decision-samples.ts';
import { at, owner, technical, zone } from './sample-time.ts';

export const step = (time: string, kind: StoryFacts['kind'], more: Partial<StoryFacts> = {}): StoryFacts => ({
  at: at(time),
  kind,
  system: null,
  field: null,
  actor: null,
  value: null,
  from: null,
  detail: null,
  ...more,
});
const calls: CallFacts[] = Array.from({ length: 7 }, (_, i) => ({
  at: at('09:00:00'),
  system: ['HubSpot', 'Xero', 'Cin7 Core'][i % 3] ?? 'HubSpot',
  purpose: 'read customers that changed',
  method: i === 4 ? 'POST' : 'GET',
  url: 'https://api.example/api.xro/2.0/Contacts?page=1',
  attempt: i === 3 ? 2 : 1,
  status: i === 5 ? null : i === 2 ? 429 : 200,
  durationMs: 310 + i * 4000,
  error: i === 5 ? 'the connection was cut' : null,
}));
export const found: ChangeLookup = {
  kind: 'change',
  reference: 'tr-7F3K92QDXB',
  command: '/sync',
  title: 'Example Timber Pty Ltd',
  noun: 'customer',
  flowName: 'Customers',
  agreement: 7,
  state: 'settled',
  waitsFor: null,
  waitsDetail: null,
  details: 2,
  systems: 3,
  places: [
    { label: 'HubSpot', url: 'https://app.hubspot.example/company/4711' },
    { label: 'HubSpot billing contact', url: 'https://app.hubspot.example/contact/5' },
    { label: 'Xero', url: 'https://go.xero.example/contact/8' },
  ],
  closedAt: at('09:41:00'),
  story: [
    step('09:00:00', 'read', { system: 'HubSpot', detail: 'changed there: billing address' }),
    step('09:00:00', 'read', { system: 'Xero', detail: 'nothing had changed there' }),
    step('09:00:00', 'compared', { detail: '1 of 7 details differs: billing address' }),
    step('09:00:00', 'asked', { field: 'Billing address', detail: 'to choose from: HubSpot and Xero' }),
    step('09:10:00', 'moved', { field: 'Billing address', system: 'HubSpot' }),
    step('09:21:00', 'decided', {
      field: 'Billing address',
      actor: owner,
      from: 'Xero',
      value: '8 Example Rd, Sydney NSW 2000',
    }),
    step('09:21:00', 'ruled', { field: 'Legal name', actor: 'rule:review', value: 'Example Timber Pty Ltd' }),
    step('09:21:00', 'sent', { system: 'HubSpot', detail: 'billing address' }),
    step('09:21:00', 'refused', { system: 'Cin7 Core', detail: 'the customer is inactive' }),
    step('09:21:00', 'unknown', { system: 'Xero', detail: 'no answer in 10 seconds' }),
    step('09:21:00', 'failed', { system: 'Cin7 Core', detail: 'the customer is inactive' }),
    step('09:30:00', 'held', { detail: 'no ABN' }),
    step('09:30:00', 'released', { detail: 'no ABN' }),
    step('09:40:00', 'reprocess', { actor: technical }),
    step('09:41:00', 'saved', { system: 'HubSpot', detail: 'billing address' }),
    step('09:41:00', 'read_back', { system: 'HubSpot', detail: 'billing address' }),
    step('09:41:00', 'settled'),
    step('09:41:00', 'withdrawn', { field: 'E-mail', detail: 'the systems came to agree by themselves' }),
  ],
  calls,
  zone,
};

/** Answers to a reference. */
export const lookups: Readonly<Record<string, Drawn>> = {
  'lookup-settled': drawChangeLookup(found),
  'lookup-failed': drawChangeLookup({ ...found, state: 'failed', closedAt: null }),
  'lookup-made': drawChangeLookup({
    ...found,
    details: 0,
    story: [
      step('09:00:00', 'sent', { system: 'Xero', detail: 'to be made there' }),
      step('09:00:00', 'sent', { system: 'Cin7 Core', detail: 'to be made there' }),
      step('09:00:01', 'made', { system: 'Xero' }),
      step('09:00:02', 'made', { system: 'Cin7 Core' }),
      step('09:00:03', 'read_back', { system: 'Cin7 Core', detail: 'legal name, ABN and phone' }),
      step('09:00:03', 'settled'),
    ],
  }),
  'lookup-waiting': drawChangeLookup({
    ...found,
    state: 'held',
    waitsFor: 'no ABN',
    closedAt: null,
    calls: [],
  }),
  'lookup-waits-for-other': drawChangeLookup({
    ...found,
    title: 'INV-2041',
    noun: 'invoice',
    flowName: 'Invoices',
    state: 'held',
    waitsFor: 'what it belongs to is not there yet',
    waitsDetail: 'its customer: Fairy Wren Interiors is not in Xero yet',
    story: [
      step('09:00:00', 'held', {
        system: 'Xero',
        detail:
          'what it belongs to is not there yet because its customer: Fairy Wren Interiors is not in Xero yet',
      }),
    ],
    closedAt: null,
    calls: [],
  }),
  'lookup-locked': drawChangeLookup({
    ...found,
    title: 'INV-2041',
    noun: 'invoice',
    flowName: 'Invoices',
    state: 'held',
    waitsFor: 'nothing may be changed there any more',
    waitsDetail: 'Xero: it is paid, seen since 20 November 2026 at 12:03 pm',
    keepable: { revision: 4 },
    story: [
      step('09:00:00', 'held', {
        system: 'Xero',
        detail:
          'nothing may be changed there any more because Xero: it is paid, seen since 20 November 2026 at 12:03 pm',
      }),
    ],
    closedAt: null,
    calls: [],
  }),
  'decision-locked': drawDecision({
    ...open,
    state: 'held',
    locked: true,
    fields: [{ ...address, state: 'decided_pending' }],
    waitsFor: 'nothing may be changed there any more',
    waitsDetail: 'Xero: it is paid, seen since 20 November 2026 at 12:03 pm',
  }),
  'locked-kept': drawKept('INV-2041', ['Amount']),
  'locked-nothing-agreed': nothingAgreed(),
  'locked-over': noLongerLocked(),
  'lookup-calls-1': drawCalls(found, 1),
  'lookup-calls-2': drawCalls(found, 2),
  'lookup-calls-last': drawCalls(found, 9),
  'lookup-run': drawRunLookup({
    kind: 'run',
    reference: 'tr-7F3KB04M1Z',
    command: '/sync',
    flowName: 'Customers',
    state: 'failed',
    trigger: 'command',
    askedBy: technical,
    startedAt: at('09:12:00'),
    finishedAt: at('09:12:30'),
    counts: [{ n: 12, what: 'customers read' }],
    failures: ['Xero answered 401: the token was revoked.'],
    changes: [{ reference: 'tr-7F3K92QDXB', title: 'Example Timber Pty Ltd', state: 'settled' }],
    calls,
    zone,
  }),
  'lookup-near': drawNotFound({ reference: 'tr-7F3K92QDXA', near: 'tr-7F3K92QDXB' }),
  'lookup-nothing': drawNotFound({ reference: 'tr-7F3K92QDXA', near: null }),
  'lookup-no-reference': drawNotAReference({ typed: 'example timber', verb: 'lookup', command: '/sync' }),
  'lookup-nothing-typed': drawNotAReference({ typed: '', verb: 'lookup', command: '/sync' }),
  'lookup-alert': drawAlertLookup({
    kind: 'alert',
    alert: { ...alert, cause: 'partial', system: null, state: 'acknowledged' },
    command: '/sync',
    happenings: [
      { at: at('09:12:00'), kind: 'opened', by: null, message: '2 customers are in HubSpot and not in Xero' },
      { at: at('09:20:00'), kind: 'acknowledged', by: technical, message: '' },
      { at: at('09:40:00'), kind: 'worse', by: null, message: '5 customers are in HubSpot and not in Xero' },
      { at: at('13:20:00'), kind: 'woken', by: null, message: 'Nobody said any more' },
    ],
    met: { times: 14, last: at('13:40:00') },
  }),
};
