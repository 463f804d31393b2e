import type { KnownBlock, ModalView } from '@slack/types';
import { commands } from '#commands/index.ts';
import { drawAlert } from '#src/slack/messages/alert.ts';
import type { AlertFacts } from '#src/slack/messages/alert-facts.ts';
import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawDecision } from '#src/slack/messages/decision.ts';
import type { DecisionFacts, FieldFacts, ValueGroup } from '#src/slack/messages/decision-facts.ts';
import { drawFirstLoad } from '#src/slack/messages/first-load.ts';
import { drawHelp, drawUnknownCommand } from '#src/slack/messages/help.ts';
import { lineWords } from '#src/slack/messages/lines.ts';
import {
  drawCalls,
  drawChangeLookup,
  drawNotAReference,
  drawNotFound,
  drawRunLookup,
} from '#src/slack/messages/lookup.ts';
import type { CallFacts, ChangeLookup, StoryFacts } from '#src/slack/messages/lookup-facts.ts';
import {
  drawModalAnswer,
  drawModalNote,
  drawOther,
  drawOtherLoading,
} from '#src/slack/messages/other-modal.ts';
import { drawQueue } from '#src/slack/messages/queue.ts';
import * as refusals from '#src/slack/messages/refusals.ts';
import { drawReprocessAsk, drawReprocessReport } from '#src/slack/messages/reprocess.ts';
import { drawFlowStatus, drawStatus } from '#src/slack/messages/status.ts';
import type { FlowStatus, StatusFacts } from '#src/slack/messages/status-facts.ts';

const zone = 'Australia/Sydney';
const at = (time: string) => new Date(`2026-11-24T${time}+11:00`);
const owner = 'U0OWNER01';
const technical = 'U0TECH001';

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
  note: null,
};
const terms: FieldFacts = {
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
const email: FieldFacts = {
  ...address,
  name: 'email',
  label: 'E-mail',
  hidden: true,
  groups: [group([hubspot], 'accounts@sample.example'), group([xero], 'office@sample.example')],
  agreedBefore: 'hello@sample.example',
  deadline: null,
};
const chosen = { shown: '8 Example Rd, Sydney NSW 2000', from: 'Xero', by: owner, at: at('09:21:00') };

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
  closedAt: null,
};
const saved = (
  outcome: 'has_it' | 'saved' | 'saving' | 'checking' | 'refused',
  label: string,
  reason: string | null = null,
) => ({ label, outcome, reason });
const done = { ...address, state: 'confirmed' as const, chosen };

export const alert: AlertFacts = {
  number: 118,
  revision: 1,
  drawing: 1,
  cause: 'auth',
  state: 'open',
  flowId: 'customers',
  flowName: 'Customers',
  noun: { one: 'customer', many: 'customers' },
  system: 'Xero',
  between: 'HubSpot, Xero and Cin7 Core',
  channel: 'sync-customers',
  reference: 'tr-7F3KB04M1Z',
  message: 'Xero answered 401: the token was revoked.',
  openedAt: at('09:12:00'),
  recoveredAt: null,
  acknowledgedBy: null,
  acknowledgedUntil: null,
  returns: 0,
  waiting: 14,
  caughtUp: null,
  resumeAt: null,
  missedSlot: null,
  field: null,
  technicalOwner: technical,
  credentialsNote: 'XERO_CLIENT_SECRET on the machine that runs Truce',
  zone,
};
const causes: AlertFacts['cause'][] = [
  'auth',
  'refused',
  'unreachable',
  'silent',
  'busy',
  'budget',
  'nonsense',
  'drift',
  'bug',
  'late',
  'stuck',
  'room',
];

const flow: FlowStatus = {
  id: 'customers',
  name: 'Customers',
  state: 'stopped',
  since: at('09:12:00'),
  noun: { one: 'customer', many: 'customers' },
  between: 'HubSpot, Xero and Cin7 Core',
  schedule: 'every 15 minutes',
  problem: {
    words: 'Xero refuses our sign-in',
    alert: 118,
    reference: 'tr-7F3KB04M1Z',
    takenBy: technical,
    takenUntil: at('11:00:00'),
  },
  decisions: { open: 3, oldest: at('09:00:00') },
  waiting: [
    { words: 'no ABN', n: 7 },
    { words: 'ABN not valid', n: 1 },
  ],
  failed: 1,
  last: { at: at('10:00:00'), changed: 41, reference: 'tr-7F3KB04M1Z' },
  lastGood: at('09:00:00'),
  next: at('10:15:00'),
  today: { runs: 40, settled: 294, decided: 2 },
  owners: { business: owner, technical },
  mine: true,
};
const fine: FlowStatus = {
  ...flow,
  id: 'stock',
  name: 'Stock',
  state: 'fine',
  since: null,
  problem: null,
  decisions: { open: 0, oldest: null },
  waiting: [],
  failed: 0,
};
const status: StatusFacts = {
  now: at('10:02:00'),
  zone,
  agreement: 7,
  command: '/sync',
  flows: [fine, flow],
};

const step = (time: string, kind: StoryFacts['kind'], more: Partial<StoryFacts> = {}): StoryFacts => ({
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
const found: ChangeLookup = {
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
  closedAt: at('09:41:00'),
  story: [
    step('09:00:00', 'read', { system: 'HubSpot', detail: 'changed there: billing address' }),
    step('09:00:00', 'read', { system: 'Xero', detail: 'nothing had changed there' }),
    step('09:00:00', 'compared', { detail: '1 of 7 details differ: billing address' }),
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

const words = (template: string, params: Record<string, unknown>): Drawn => {
  const text = lineWords(template, {
    flowName: 'Customers',
    noun: alert.noun,
    channel: 'sync-customers',
    title: 'Example Timber Pty Ltd',
    zone,
    technicalOwner: technical,
    params,
  });
  return { text: text ?? '', blocks: [] };
};

/** Every message and answer in every state. */
export const messages: Readonly<Record<string, Drawn>> = {
  'decision-open': drawDecision(open),
  'decision-open-several': drawDecision({
    ...open,
    fields: [address, terms, email, { ...done, label: 'Phone', name: 'phone' }],
    deciders: ['Priya Nair', 'Tom Walsh'],
  }),
  'decision-open-seven': drawDecision({
    ...open,
    fields: Array.from({ length: 7 }, (_, i) => ({ ...terms, name: `detail_${i}`, label: `Detail ${i}` })),
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
  'decision-saving': drawDecision({
    ...open,
    state: 'writing',
    fields: [{ ...done, state: 'decided_pending' }],
    saves: [saved('has_it', 'Xero'), saved('saving', 'HubSpot'), saved('checking', 'Cin7 Core')],
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
  'decision-failed-by-rule': drawDecision({
    ...open,
    state: 'failed',
    fields: [],
    waitsDetail: 'Xero said it saved the phone, but still has another value.',
  }),
  'decision-withdrawn': drawDecision({
    ...open,
    state: 'withdrawn',
    fields: [{ ...address, state: 'withdrawn' }],
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
  'alert-open': drawAlert(alert),
  'alert-worse': drawAlert({ ...alert, revision: 2, waiting: 22 }),
  'alert-taken': drawAlert({
    ...alert,
    state: 'acknowledged',
    acknowledgedBy: technical,
    acknowledgedUntil: at('11:00:00'),
  }),
  'alert-recovered': drawAlert({
    ...alert,
    state: 'recovered',
    recoveredAt: at('10:31:00'),
    caughtUp: 22,
    acknowledgedBy: technical,
  }),
  'alert-again': drawAlert({ ...alert, returns: 1, waiting: 2 }),
  ...Object.fromEntries(
    causes.map((cause) => [
      `alert-${cause}`,
      drawAlert({
        ...alert,
        cause,
        field: cause === 'drift' ? 'EmailAddress' : null,
        resumeAt: cause === 'busy' ? at('09:20:00') : null,
        credentialsNote: null,
      }),
    ]),
  ),
  'queue-waiting': drawQueue({
    flowId: 'customers',
    flowName: 'Customers',
    drawing: 3,
    shown: 5,
    waiting: 35,
    oldest: at('09:00:00'),
    zone,
  }),
  'queue-done': drawQueue({
    flowId: 'customers',
    flowName: 'Customers',
    drawing: 4,
    shown: 2,
    waiting: 0,
    oldest: null,
    zone,
  }),
  'first-load-asks': drawFirstLoad({
    flowId: 'customers',
    flowName: 'Customers',
    drawing: 1,
    agreement: 7,
    noun: alert.noun,
    records: 48,
    counts: [
      { n: 40, what: 'customers: the legal name is missing somewhere or differs' },
      { n: 1, what: 'customer: the phone is missing somewhere or differs' },
    ],
    deciders: ['Priya Nair'],
    approved: null,
    zone,
  }),
  'first-load-approved': drawFirstLoad({
    flowId: 'customers',
    flowName: 'Customers',
    drawing: 2,
    agreement: 7,
    noun: alert.noun,
    records: 0,
    counts: [],
    deciders: [],
    approved: { by: owner, at: at('09:41:00') },
    zone,
  }),
  'line-doubled': words('incident_doubled', {
    waiting: 28,
    waitingAtOpening: 14,
    at: at('09:30:00').toISOString(),
  }),
  'line-recovered': words('incident_recovered', {
    at: at('10:31:00').toISOString(),
    caughtUp: 22,
    waiting: 0,
  }),
  'line-returned': words('incident_returned', {
    at: at('10:52:00').toISOString(),
    times: 2,
    message: 'Xero refuses our sign-in.',
    quiet: false,
  }),
  'line-returned-quietly': words('incident_returned', {
    at: at('10:52:00').toISOString(),
    times: 1,
    message: 'Xero asks us to wait.',
    quiet: true,
  }),
  'line-taken': words('incident_taken', { by: technical, until: at('11:00:00').toISOString() }),
  'line-asked-again': words('incident_asked_again', { at: at('11:00:00').toISOString() }),
  'line-away': words('time_away', {
    from: at('02:00:00').toISOString(),
    to: at('08:00:00').toISOString(),
    slots: 24,
  }),
  'line-not-saved': words('decision_failed', { by: owner }),
  'line-channel-broken': words('channel_broken', { to: technical, why: 'the channel is archived' }),
  'refusal-not-decider': refusals.notDecider([owner, technical]),
  'refusal-not-operator': refusals.notOperator([owner]),
  'refusal-members-only': refusals.membersOnly(),
  'refusal-cannot-check': refusals.cannotCheck(),
  'refusal-outdated': refusals.outdated('Billing address', at('09:31:00'), zone),
  'refusal-already': refusals.alreadyDecided({
    by: owner,
    what: 'Xero',
    at: at('09:21:00'),
    zone,
    me: technical,
  }),
  'refusal-already-me': refusals.alreadyDecided({
    by: owner,
    what: 'Xero',
    at: at('09:21:00'),
    zone,
    me: owner,
  }),
  'refusal-closed': refusals.nothingToDecide('settled'),
  'refusal-old-button': refusals.oldButton('/sync'),
  'refusal-our-fault': refusals.ourFault(),
  'refusal-no-such-sync': refusals.notAFlow({
    word: 'custmers',
    guess: 'customers',
    all: ['customers', 'stock'],
    command: '/sync',
    verb: 'status',
  }),
  'status-all': drawStatus(status),
  'status-all-fine': drawStatus({ ...status, flows: [fine, { ...fine, id: 'orders', name: 'Orders' }] }),
  'status-none': drawStatus({ ...status, flows: [] }),
  'status-bystander': drawStatus({
    ...status,
    flows: [
      { ...fine, mine: false },
      { ...flow, mine: false },
    ],
  }),
  'status-flow': drawFlowStatus(status, flow),
  'status-flow-fine': drawFlowStatus(status, fine),
  'status-flow-bystander': drawFlowStatus(status, { ...flow, mine: false }),
  'lookup-settled': drawChangeLookup(found),
  'lookup-failed': drawChangeLookup({ ...found, state: 'failed', closedAt: null }),
  'lookup-waiting': drawChangeLookup({
    ...found,
    state: 'held',
    waitsFor: 'no ABN',
    closedAt: null,
    calls: [],
  }),
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
  'reprocess-asks': drawReprocessAsk({
    reference: 'tr-7F3K92QDXB',
    title: 'Example Timber Pty Ltd',
    noun: 'customer',
    what: ['Billing address', 'Payment terms'],
    systems: ['HubSpot', 'Xero', 'Cin7 Core'],
    waitsFor: null,
  }),
  'reprocess-asks-waiting': drawReprocessAsk({
    reference: 'tr-7F3K92QDXB',
    title: 'Example Timber Pty Ltd',
    noun: 'customer',
    what: [],
    systems: ['HubSpot'],
    waitsFor: 'no ABN',
  }),
  'reprocess-done': drawReprocessReport({
    title: 'Example Timber Pty Ltd',
    reference: 'tr-7F3K92QDXB',
    words: 'settled. Every system was read back.',
  }),
  help: drawHelp('/sync', commands),
  'unknown-command': drawUnknownCommand({
    word: 'statsu',
    guess: commands[0] ?? null,
    command: '/sync',
    all: commands.map(({ name }) => name),
  }),
};

const metadata = 'tr-7F3K92QDXB/billing_address/r2/C0CUSTOMR';
export const modals: Readonly<Record<string, ModalView>> = {
  'modal-other-loading': drawOtherLoading(metadata),
  'modal-other-text': drawOther({
    metadata,
    label: 'ABN',
    title: 'Example Timber Pty Ltd',
    agreedBefore: null,
    parts: [{ name: 'value', kind: 'text' }],
    initial: { value: '51 824 753 556' },
  }),
  'modal-other-parts': drawOther({
    metadata,
    label: 'Payment terms',
    title: 'Example Timber Pty Ltd',
    agreedBefore: '14 days',
    parts: [
      { name: 'days', kind: 'number' },
      { name: 'from', kind: 'choice' },
    ],
    initial: { days: '30', from: 'invoice_date' },
  }),
  'modal-hidden-values': drawModalNote('Hidden values', ['E-mail', 'HubSpot: accounts@sample.example']),
  'modal-refused': drawModalAnswer('Another value', refusals.notDecider([owner])),
};

/** Names and values as bad as a vendor can send them. */
export const hostile = [
  'x'.repeat(4000),
  '<!channel> <@U0OWNER01> *bold* _it_ `code` :tada: ~no~',
  '\u202Egpj.exe\u202C \u200B\u0000\u0007',
  'شركة الأخشاب المثالية',
  '👩‍👩‍👧‍👦'.repeat(300),
  '& < > " \' \\ \n\n\n line',
  '   ',
];
export const hostileDecision = (text: string): Drawn =>
  drawDecision({
    ...open,
    title: text,
    waitsDetail: text,
    fields: Array.from({ length: 6 }, (_, i) => ({
      ...address,
      name: `detail_${i}`,
      label: `Detail ${i}`,
      groups: address.groups.map((one) => ({ ...one, shown: text, changedBy: text })),
      agreedBefore: text,
    })),
  });
export const hostileFailure = (text: string): Drawn =>
  drawDecision({
    ...open,
    title: text,
    state: 'failed',
    fields: [{ ...done, state: 'failed', chosen: { ...chosen, shown: text } }],
    saves: [saved('refused', 'Xero', text)],
  });
export const hostileLookup = (text: string): Drawn =>
  drawChangeLookup({
    ...found,
    title: text,
    story: Array.from({ length: 60 }, () =>
      step('09:00:00', 'decided', { actor: owner, value: text, detail: text, field: 'Phone' }),
    ),
  });
export const hostileAlert = (text: string): Drawn =>
  drawAlert({ ...alert, message: text, field: text, cause: 'drift' });

export const textsIn = (blocks: readonly KnownBlock[]): string => JSON.stringify(blocks);
