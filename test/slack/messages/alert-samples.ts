import { drawFirstLoad } from '#src/slack/messages/agreement/first-load.ts';
import { drawAlert } from '#src/slack/messages/alert/alert.ts';
import { drawHandOverAsk, drawSnoozeAsk } from '#src/slack/messages/alert/asks.ts';
import type { AlertFacts } from '#src/slack/messages/alert/facts.ts';
import { drawStillOpen } from '#src/slack/messages/alert/still-open.ts';
import { drawTimeAway, type TimeAwayFacts } from '#src/slack/messages/alert/time-away.ts';
import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawQueue } from '#src/slack/messages/decision/queue.ts';
import { lineWords } from '#src/slack/messages/lines.ts';
import { at, owner, technical, zone } from './sample-time.ts';

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
  earlier: null,
  called: true,
  escalated: false,
  next: { at: at('09:42:00'), who: 'the business owner' },
  snoozed: null,
  waiting: 14,
  caughtUp: null,
  resumeAt: null,
  missedSlot: null,
  field: null,
  fewer: false,
  technicalOwner: technical,
  credentialsNote: 'XERO_CLIENT_ID, XERO_CLIENT_SECRET',
  connectCommand: null,
  zone,
};
const missed = { flowName: 'Customers', noun: alert.noun, slots: 24, caughtUp: null };
const away: TimeAwayFacts = {
  drawing: 1,
  from: at('02:00:00'),
  to: at('08:00:00'),
  missed: [missed],
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
  'connection',
];

const words = (template: string, params: Record<string, unknown>, called: readonly string[] = []): Drawn => {
  const text = lineWords(template, {
    flowName: 'Customers',
    noun: alert.noun,
    channel: 'sync-customers',
    title: 'Example Timber Pty Ltd',
    zone,
    technicalOwner: technical,
    called,
    params,
  });
  return { text: text ?? '', blocks: [] };
};

const tomorrow = new Date(at('09:00:00').getTime() + 24 * 3_600_000);
const old = {
  number: 118,
  flowName: 'Customers',
  words: 'Xero refuses our sign-in',
  openedAt: at('09:12:00'),
  link: 'https://example.slack.com/archives/C0SYNCCUST/p1795471980000300',
};
const stillOpen = drawStillOpen([old, { ...old, number: 119, words: 'the run is late', link: null }], zone);
const drawnStillOpen = stillOpen ?? { text: '', blocks: [] };

/** Alerts in every state, what is said beside messages, and what asks once for many. */
export const alerts: Readonly<Record<string, Drawn>> = {
  'alert-open': drawAlert(alert),
  'alert-reconnect': drawAlert({ ...alert, connectCommand: '/sync connect xero' }),
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
  'alert-connection-done': drawAlert({
    ...alert,
    cause: 'connection',
    system: 'HubSpot',
    state: 'recovered',
    waiting: null,
    recoveredAt: at('09:50:00'),
  }),
  'alert-connection-reconnect': drawAlert({
    ...alert,
    cause: 'connection',
    waiting: null,
    message: 'The sign-in ends on Monday 30 November unless it is renewed. See /sync connections.',
    connectCommand: '/sync connect xero',
  }),
  'alert-room-over': drawAlert({
    ...alert,
    cause: 'room',
    state: 'recovered',
    waiting: null,
    recoveredAt: at('09:50:00'),
  }),
  'alert-uncalled': drawAlert({
    ...alert,
    called: false,
    next: { at: at('09:27:00'), who: 'the technical owner' },
  }),
  'alert-escalated': drawAlert({
    ...alert,
    revision: 3,
    waiting: 22,
    escalated: true,
    next: { at: at('11:12:00'), who: 'the technical owner and the business owner' },
  }),
  'alert-escalated-to-the-end': drawAlert({
    ...alert,
    revision: 4,
    waiting: 22,
    escalated: true,
    next: null,
  }),
  'alert-snoozed': drawAlert({
    ...alert,
    revision: 2,
    waiting: 22,
    snoozed: { by: technical, until: at('10:20:00') },
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
  'alert-drift-answers': drawAlert({
    ...alert,
    cause: 'drift',
    waiting: 0,
    message:
      'Xero has changed its answers to “read contacts”: “Contacts[].UpdatedDateUTC” is gone (was text) since 9:10 am.',
  }),
  'alert-budget-short': drawAlert({
    ...alert,
    cause: 'budget',
    waiting: 0,
    message: 'This run needs about 1,240 calls to Xero; 380 are left today. The rest follows at 10:00 am.',
    resumeAt: at('10:00:00'),
  }),
  'alert-loss': drawAlert({
    ...alert,
    cause: 'loss',
    field: 'Legal name',
    waiting: 0,
    message: 'Xero has not kept “Legal name” of 3 customers as it was written, since 9:10 am.',
  }),
  'alert-backlog': drawAlert({
    ...alert,
    cause: 'backlog',
    system: null,
    waiting: 1_234,
    message:
      'About 1,200 customers wait to be worked off, the oldest since 8:40 am, and they do not become fewer.',
  }),
  'alert-volume': drawAlert({
    ...alert,
    cause: 'volume',
    system: null,
    waiting: 0,
    message: '3,412 customers changed since 9:00 am; about 40 are usual by this time.',
  }),
  'alert-volume-few': drawAlert({
    ...alert,
    cause: 'volume',
    system: null,
    fewer: true,
    waiting: 0,
    message: 'Only 5 customers changed since midnight; about 420 are usual by this time.',
  }),
  'alert-volume-over': drawAlert({
    ...alert,
    cause: 'volume',
    system: null,
    state: 'recovered',
    recoveredAt: at('13:15:00'),
  }),
  ...Object.fromEntries(
    (['busy', 'budget', 'drift', 'loss', 'backlog'] as const).map((cause) => [
      `alert-${cause}-over`,
      drawAlert({
        ...alert,
        cause,
        state: 'recovered',
        system: cause === 'backlog' ? null : 'Xero',
        field: cause === 'drift' ? 'EmailAddress' : cause === 'loss' ? 'Legal name' : null,
        recoveredAt: at('10:31:00'),
      }),
    ]),
  ),
  'alert-drift-answers-over': drawAlert({
    ...alert,
    cause: 'drift',
    state: 'recovered',
    recoveredAt: at('10:31:00'),
  }),
  'alert-refusals': drawAlert({
    ...alert,
    cause: 'refusals',
    system: null,
    waiting: 9,
    message:
      'Of 120 customers that changed in the last day, 9 are refused: 7.5 %. The agreement asks for a word from 5 % on.',
  }),
  'alert-third-time': drawAlert({
    ...alert,
    earlier: {
      times: 3,
      since: at('08:10:00'),
      number: 112,
      link: 'https://example.slack.com/archives/C0SYNCCUST/p1795471980000300',
    },
  }),
  'alert-22nd-time': drawAlert({
    ...alert,
    earlier: { times: 22, since: at('08:10:00'), number: 117, link: null },
  }),
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
    over: [
      { by: 'Priya Nair', n: 35 },
      { by: null, n: 2 },
    ],
    command: '/sync',
  }),
  'first-load-asks': drawFirstLoad({
    flowId: 'customers',
    flowName: 'Customers',
    drawing: 1,
    agreement: 7,
    noun: alert.noun,
    records: 48,
    makes: false,
    counts: [
      { n: 40, what: 'customers: the legal name is missing somewhere or differs' },
      { n: 1, what: 'customer: the phone is missing somewhere or differs' },
    ],
    deciders: ['Priya Nair'],
    approved: null,
    zone,
  }),
  'first-load-makes': drawFirstLoad({
    flowId: 'customers',
    flowName: 'Customers',
    drawing: 1,
    agreement: 7,
    noun: alert.noun,
    records: 48,
    makes: true,
    counts: [
      { n: 12, what: 'customers are missing in Cin7 Core and will be made' },
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
    makes: false,
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
  'line-over': words('incident_recovered', {
    at: at('10:31:00').toISOString(),
    waiting: 3,
    cause: 'backlog',
  }),
  'line-over-loss': words('incident_recovered', { at: at('10:31:00').toISOString(), cause: 'loss' }),
  'line-returned': words(
    'incident_returned',
    { at: at('10:52:00').toISOString(), times: 2, message: 'Xero refuses our sign-in.' },
    [technical],
  ),
  'line-returned-quietly': words('incident_returned', {
    at: at('10:52:00').toISOString(),
    times: 1,
    message: 'Xero asks us to wait.',
  }),
  'line-taken': words('incident_taken', { by: technical, until: at('11:00:00').toISOString() }),
  'line-asked-again': words('incident_asked_again', { at: at('11:00:00').toISOString() }, [technical]),
  'line-asked-again-quietly': words('incident_asked_again', { at: at('11:00:00').toISOString() }),
  'line-awake': words('incident_awake', { at: at('11:00:00').toISOString() }, [technical]),
  'line-awake-quietly': words('incident_awake', { at: at('11:00:00').toISOString() }),
  'line-unclaimed': words('incident_unclaimed', {}, [technical]),
  'line-escalated': words('incident_escalated', { waiting: 22, openedAt: at('09:12:00').toISOString() }, [
    owner,
  ]),
  'line-handed-over': words('incident_handed_over', { until: at('11:00:00').toISOString() }, [owner]),
  'still-open': drawnStillOpen,
  'ask-snooze': drawSnoozeAsk({ number: 118, times: [at('10:20:00'), tomorrow], zone }),
  'ask-hand-over': drawHandOverAsk({ number: 118, others: [{ name: 'Priya Nair', slack: owner }] }),
  'line-away': words('time_away', {
    from: at('02:00:00').toISOString(),
    to: at('08:00:00').toISOString(),
    slots: 24,
  }),
  'time-away': drawTimeAway(away),
  'time-away-over': drawTimeAway({
    ...away,
    drawing: 2,
    missed: [{ ...missed, caughtUp: { at: at('08:03:00'), changed: 41 } }],
  }),
  'time-away-over-quietly': drawTimeAway({
    ...away,
    drawing: 2,
    missed: [{ ...missed, caughtUp: { at: at('08:03:00'), changed: 0 } }],
  }),
  'time-away-two': drawTimeAway({
    ...away,
    missed: [
      { ...missed, caughtUp: { at: at('08:03:00'), changed: 1 } },
      { ...missed, flowName: 'Stock <!channel>', slots: 1 },
    ],
  }),
  'line-connected': words('connected', { to: technical, system: 'Xero', account: 'Sample & *Sons*' }),
  'line-connected-unnamed': words('connected', { to: technical, system: 'HubSpot', account: null }),
  'line-marks-done': words('marks_done', {
    system: 'Xero',
    marked: 1_180,
    left: 20,
    reasons: [
      { reason: 'another program’s number is there', records: 12 },
      { reason: 'Xero said *no* <!channel>', records: 8 },
    ],
  }),
  'line-marks-done-all': words('marks_done', { system: 'HubSpot', marked: 1_200, left: 0, reasons: [] }),
  'line-undone': words('undone', { by: 'Priya Nair', n: 3, reference: 'tr-7F3P4Z1M0Q' }),
  'line-undone-none': words('undone', { by: 'Priya Nair', n: 0, reference: 'tr-7F3P4Z1M0Q' }),
  'line-not-saved': words('decision_failed', { by: owner, reference: 'tr-7F3K92QDXB' }, [owner]),
  'line-not-saved-quietly': words('decision_failed', { by: owner, reference: 'tr-7F3K92QDXB' }),
  'line-channel-broken': words(
    'channel_broken',
    { to: owner, alert: 118, why: 'I cannot post in #sync-customers: the channel is archived.' },
    [owner],
  ),
};
