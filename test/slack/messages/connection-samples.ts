import type { Drawn } from '#src/slack/messages/blocks.ts';
import * as connect from '#src/slack/messages/connections/connect.ts';
import { connectionsOfOthers, drawConnections } from '#src/slack/messages/connections/connections.ts';
import type { ConnectionFacts } from '#src/slack/messages/connections/facts.ts';
import { drawSetUp } from '#src/slack/messages/connections/set-up-modal.ts';
import { at, owner, technical, zone } from './sample-time.ts';

const calls = {
  leftToday: 4_820,
  perDay: 5_000,
  forPeople: 250,
  leftThisMinute: 58,
  perMinute: 60,
  dayEnds: at('11:00:00'),
  closedUntil: null,
};
export const xero: ConnectionFacts = {
  id: 'xero',
  label: 'Xero',
  account: 'Example Trading Co',
  signIn: { kind: 'page', connected: { by: technical, at: at('08:47:00') } },
  scopes: ['accounting.contacts', 'accounting.settings.read', 'offline_access'],
  missingScopes: [],
  endsSoon: false,
  expiresAt: new Date('2027-01-23T01:00:00Z'),
  calls,
  checkedAt: at('09:02:00'),
  error: null,
  problems: [],
  steps: [],
  mine: true,
};
const step = {
  value: 'hubspot/properties/0a1B2c3D4e5F6g7H',
  label: 'Create 6 properties on companies',
  details: [
    'truce_id: Truce ID (text, unique)',
    'abn: ABN (text)',
    'acn: ACN (text)',
    'legal_name: Legal name (text)',
    'payment_terms: Payment terms (text)',
    'customer_status: Status (active or archived)',
  ],
};
const hubspot: ConnectionFacts = {
  ...xero,
  id: 'hubspot',
  label: 'HubSpot',
  account: null,
  signIn: { kind: 'environment', variables: ['HUBSPOT_TOKEN', 'HUBSPOT_CLIENT_SECRET'] },
  scopes: ['crm.objects.companies.read'],
  missingScopes: ['crm.objects.companies.write', 'crm.schemas.companies.write'],
  expiresAt: null,
  problems: ['The webhook was switched off in HubSpot'],
  steps: [step],
};
const marking = {
  value: 'hubspot/marks%3Acustomer/0a1B2c3D4e5F6g7H',
  label: 'Mark customers with Truce’s id',
  details: [
    'Up to 1,300 customers that are linked get Truce’s own id in the property truce_id; nothing else of them is changed',
    'Up to 91 calls, some with each run: at most half of a day’s, and none of those kept for people',
    'What already holds something else in that place is left as it is, and counted',
    'Customers that are linked later get it too',
    'With it Truce knows a customer again whose number was typed away, or that was linked before',
  ],
  optional: true as const,
};
const marks = {
  many: 'customers',
  marked: 1_180,
  due: 0,
  left: 20,
  reasons: [
    { reason: 'another program’s number is there', records: 12 },
    { reason: 'it is archived', records: 8 },
  ],
};
const sheet: ConnectionFacts = {
  ...hubspot,
  id: 'customers-2019',
  label: 'Spreadsheet',
  signIn: { kind: 'none' },
  scopes: null,
  missingScopes: [],
  problems: [],
  steps: [],
  calls: null,
};
const draw = (...connections: ConnectionFacts[]): Drawn =>
  drawConnections({ connections, zone, command: '/sync' });

/** `/sync connect` and `/sync connections`. */
export const connections: Readonly<Record<string, Drawn>> = {
  'connections-fine': draw(xero, sheet),
  'connections-may-mark': draw({ ...xero, steps: [marking] }),
  'connections-marking': draw(
    { ...xero, marks: [{ ...marks, marked: 400, due: 800, left: 0, reasons: [] }] },
    { ...xero, id: 'xero-nz', marks: [marks] },
  ),
  'connections-ends-soon': draw({
    ...xero,
    notes: ['Its books are closed up to 30 Sep 2026.'],
    endsSoon: true,
    expiresAt: new Date('2026-11-27T01:00:00Z'),
  }),
  'connections-needy': draw(hubspot, xero),
  'connections-not-yet': draw({
    ...xero,
    account: null,
    signIn: { kind: 'page', connected: null },
    scopes: null,
    expiresAt: null,
    error: 'Xero is not connected yet: connect it again',
  }),
  'connections-asked-to-wait': draw({
    ...xero,
    calls: { ...calls, leftToday: 0, closedUntil: at('09:05:00') },
  }),
  'connections-not-mine': draw({ ...hubspot, mine: false }, { ...xero, mine: false, checkedAt: null }),
  'connections-others': connectionsOfOthers([owner, technical]),
  'connect-link': connect.drawConnect({
    connection: 'xero',
    label: 'Xero',
    url: 'https://truce.example/oauth/start/ticket',
    expiresAt: at('09:22:00'),
    connected: null,
    zone,
  }),
  'connect-link-again': connect.drawConnect({
    connection: 'xero',
    label: 'Xero',
    url: 'https://truce.example/oauth/start/ticket',
    expiresAt: at('09:22:00'),
    connected: { by: technical, at: at('08:47:00') },
    zone,
  }),
  'connect-by-environment': connect.connectsByItself('HubSpot', ['HUBSPOT_TOKEN', 'HUBSPOT_CLIENT_SECRET']),
  'connect-needs-none': connect.connectsByItself('Spreadsheet', []),
  'connect-not-yours': connect.notConnector([technical], 'Xero'),
  'connect-nothing': connect.connectsNothing([technical]),
  'connect-unused': connect.notConnector([], 'Xero'),
  'connect-unknown': connect.notAConnection({
    word: 'xreo',
    guess: 'xero',
    all: ['hubspot', 'xero'],
    command: '/sync',
  }),
  'connect-which': connect.notAConnection({
    word: '',
    guess: null,
    all: ['hubspot', 'xero'],
    command: '/sync',
  }),
  'set-up-under-way': connect.setUpUnderWay('HubSpot', step.label),
  'set-up-begun': connect.setUpBegun('HubSpot', marking.label, '/sync'),
  'set-up-done': connect.setUpDone('HubSpot', step.label, 0, '/sync'),
  'set-up-done-some-left': connect.setUpDone('HubSpot', step.label, 2, '/sync'),
  'set-up-failed': connect.setUpFailed(
    'HubSpot',
    step.label,
    'HubSpot refused: the *limit* of properties is reached',
  ),
  'set-up-moved': connect.setUpMoved('HubSpot', '/sync'),
};

export const setUpMarks = drawSetUp({
  metadata: `${marking.value}/C0CUSTOMR`,
  label: 'HubSpot',
  account: 'Example Trading Co',
  step: marking,
});

export const setUp = drawSetUp({
  metadata: `${step.value}/C0CUSTOMR`,
  label: 'HubSpot',
  account: 'Example Trading Co',
  step,
});
