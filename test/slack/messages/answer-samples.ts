import type { ModalView } from '@slack/types';
import { commands } from '#commands/index.ts';
import { taxTreatment } from '#src/entities/tax.ts';
import type { Drawn } from '#src/slack/messages/blocks.ts';
import {
  drawModalAnswer,
  drawModalNote,
  drawOther,
  drawOtherLoading,
  initialOf,
  partsOf,
} from '#src/slack/messages/decision/other-modal.ts';
import { drawHelp, drawHelpOf, drawUnknownCommand } from '#src/slack/messages/help.ts';
import * as refusals from '#src/slack/messages/refusals.ts';
import { drawReprocessAsk, drawReprocessReport } from '#src/slack/messages/rollback/reprocess.ts';
import {
  drawReprocessMany,
  drawReprocessManyDone,
  type ReprocessManyFacts,
} from '#src/slack/messages/rollback/reprocess-many.ts';
import type { FlowStatus, StatusFacts } from '#src/slack/messages/status/facts.ts';
import { drawFlowStatus, drawStatus } from '#src/slack/messages/status/status.ts';
import { drawTold, type ToldFacts } from '#src/slack/messages/told.ts';
import { setUp, setUpMarks } from './connection-samples.ts';
import { decisionForms } from './decision-form-samples.ts';
import { forgetForms } from './forget-samples.ts';
import { at, owner, technical, zone } from './sample-time.ts';

export const stoppedFlow: FlowStatus = {
  id: 'customers',
  name: 'Customers',
  state: 'stopped',
  since: at('09:12:00'),
  paused: null,
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
  proposed: null,
  decisions: { open: 3, oldest: at('09:00:00') },
  alike: 2,
  waiting: [
    { words: 'no ABN', n: 7 },
    { words: 'ABN not valid', n: 1 },
  ],
  aside: null,
  failed: 1,
  partial: { n: 2, nextTryAt: at('11:12:00') },
  backlog: null,
  short: null,
  stuck: [
    { title: 'Nullarbor Roadhouse', why: 'no ABN', reference: 'tr-7F3M0Q8WZK' },
    { title: 'Specimen *Bold* & Sons', why: 'not saved everywhere', reference: 'tr-7F3K92QDXB' },
  ],
  last: { at: at('10:00:00'), changed: 41, reference: 'tr-7F3KB04M1Z' },
  lastGood: at('09:00:00'),
  next: at('10:15:00'),
  usual: { from: 250, to: 310, weekday: 'Tuesday' },
  arrival: { median: 95_000, p95: 350_000 },
  week: { moved: 1204, asked: 7 },
  calls: [
    { label: 'HubSpot', left: 248_400, perDay: 250_000 },
    { label: 'Xero', left: 4_310, perDay: 5_000 },
  ],
  links: {
    decision: 'https://example.slack.com/archives/C0CUSTOMR/p1795471980000300',
    alert: 'https://example.slack.com/archives/C0CUSTOMR/p1795471980000400',
  },
  today: { runs: 40, settled: 294, decided: 2 },
  owners: { business: owner, technical },
  mine: true,
};
export const fineFlow: FlowStatus = {
  ...stoppedFlow,
  id: 'stock',
  name: 'Stock',
  state: 'fine',
  since: null,
  problem: null,
  decisions: { open: 0, oldest: null },
  alike: 0,
  waiting: [],
  failed: 0,
  partial: { n: 0, nextTryAt: null },
  stuck: [],
  links: { decision: null, alert: null },
};
const status: StatusFacts = {
  now: at('10:02:00'),
  zone,
  agreement: 7,
  command: '/sync',
  flows: [fineFlow, stoppedFlow],
};

const flow = stoppedFlow;
const fine = fineFlow;
/** Answers and refusals. */
const many: ReprocessManyFacts = {
  value: 'failed/-/1763600000000/customers',
  flowName: 'Customers',
  noun: { one: 'customer', many: 'customers' },
  what: 'failed',
  since: null,
  until: at('09:40:00'),
  zone,
  total: 37,
  parts: [
    { n: 30, state: 'failed', waitsFor: null },
    { n: 7, state: 'held', waitsFor: 'no ABN' },
  ],
  titles: [
    'Example Timber Pty Ltd',
    'Sample Foods',
    'Specimen Supplies',
    'Placeholder Pty Ltd',
    'Model Motors',
  ],
};

export const answers: Readonly<Record<string, Drawn>> = {
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
  'status-flow-undone': drawFlowStatus(status, {
    ...fine,
    aside: { fields: 12, records: 8, reference: 'tr-7F3P4Z1M0Q' },
  }),
  'status-all-undone': drawStatus({
    ...status,
    flows: [{ ...fine, aside: { fields: 1, records: 1, reference: 'tr-7F3P4Z1M0Q' } }],
  }),
  'status-flow-backlog': drawFlowStatus(status, {
    ...flow,
    backlog: { n: 1_240, oldest: at('09:20:00'), tries: 4 },
    short: 'This run needs about 1,240 calls to Xero; 380 are left today. The rest follows at 10:00 am.',
  }),
  'status-all-backlog': drawStatus({
    ...status,
    flows: [
      fine,
      { ...fine, id: 'customers', name: 'Customers', backlog: { n: 80, oldest: at('09:20:00'), tries: 0 } },
    ],
  }),
  'status-flow-paused': drawFlowStatus(status, {
    ...fine,
    state: 'paused',
    since: at('10:02:00'),
    paused: { by: 'Tom Walsh', at: at('10:02:00'), until: at('14:00:00') },
    next: at('14:00:00'),
  }),
  'status-all-paused': drawStatus({
    ...status,
    flows: [
      fine,
      {
        ...fine,
        id: 'customers',
        name: 'Customers',
        state: 'paused',
        since: at('10:02:00'),
        paused: { by: 'Tom Walsh', at: at('10:02:00'), until: null },
        next: null,
      },
    ],
  }),
  'status-flow-proposed': drawFlowStatus(status, { ...fine, proposed: { version: 8, waitsFor: [owner] } }),
  'status-all-proposed': drawStatus({
    ...status,
    flows: [{ ...fine, proposed: { version: 8, waitsFor: [owner, technical] } }],
  }),
  'status-flow-fine': drawFlowStatus(status, fine),
  'status-flow-deputies': drawFlowStatus(status, {
    ...fine,
    standIns: { business: technical, technical: null },
  }),
  'status-flow-bystander': drawFlowStatus(status, { ...flow, mine: false }),
  'reprocess-asks': drawReprocessAsk({
    reference: 'tr-7F3K92QDXB',
    title: 'Example Timber Pty Ltd',
    noun: 'customer',
    what: ['Billing address', 'Payment terms'],
    systems: ['HubSpot', 'Xero', 'Cin7 Core'],
    waitsFor: null,
    editable: [{ name: 'billing_address', label: 'Billing address' }],
    revision: 4,
  }),
  'reprocess-asks-waiting': drawReprocessAsk({
    reference: 'tr-7F3K92QDXB',
    title: 'Example Timber Pty Ltd',
    noun: 'customer',
    what: [],
    systems: ['HubSpot'],
    waitsFor: 'no ABN',
    editable: [],
    revision: 4,
  }),
  'reprocess-many-asks': drawReprocessMany(many),
  'reprocess-many-since': drawReprocessMany({
    ...many,
    what: 'all',
    since: at('06:00:00'),
    total: 1204,
    parts: [...many.parts, { n: 1167, state: 'settled', waitsFor: null }],
  }),
  'reprocess-many-none': drawReprocessMany({ ...many, total: 0, parts: [], titles: [] }),
  'reprocess-many-started': drawReprocessManyDone({ ...many, n: 37, ended: null }),
  'reprocess-many-done': drawReprocessManyDone({
    ...many,
    n: 37,
    ended: { failed: 2, waiting: 7, next: '`/sync lookup tr-7F3KB04M1Z`' },
  }),
  'reprocess-done': drawReprocessReport({
    title: 'Example Timber Pty Ltd',
    reference: 'tr-7F3K92QDXB',
    words: 'settled. Every system was read back.',
  }),
  help: drawHelp('/sync', commands),
  ...Object.fromEntries(commands.map((one) => [`help-${one.name}`, drawHelpOf('/sync', one)])),
  'unknown-command': drawUnknownCommand({
    word: 'statsu',
    guess: commands[0] ?? null,
    command: '/sync',
    all: commands.map(({ name }) => name),
  }),
};

const toldNow: ToldFacts = {
  slots: 'twice',
  outside: 'urgent',
  urgent: [],
  hours: 'Monday to Friday, 8:00 am to 6:00 pm, Sydney time',
  owns: ['Customers', 'Orders'],
};
const metadata = 'tr-7F3K92QDXB/billing_address/r2/C0CUSTOMR';
export const modals: Readonly<Record<string, ModalView>> = {
  ...decisionForms,
  'modal-told': drawTold(toldNow),
  'modal-told-urgent': drawTold({ ...toldNow, slots: 'morning', outside: 'never', urgent: ['Orders'] }),
  'modal-told-owns-nothing': drawTold({ ...toldNow, owns: [] }),
  'modal-other-loading': drawOtherLoading(metadata),
  'modal-other-text': drawOther({
    metadata,
    label: 'ABN',
    title: 'Example Timber Pty Ltd',
    agreedBefore: null,
    needsTwo: false,
    parts: [{ name: 'value', kind: 'text' }],
    initial: { value: '51 824 753 556' },
  }),
  'modal-other-parts': drawOther({
    metadata,
    label: 'Payment terms',
    title: 'Example Timber Pty Ltd',
    agreedBefore: '14 days',
    needsTwo: true,
    parts: [
      { name: 'days', kind: 'number' },
      { name: 'from', kind: 'choice' },
    ],
    initial: { days: '30', from: 'invoice_date' },
  }),
  'modal-other-choice': drawOther({
    metadata,
    label: taxTreatment.label,
    title: 'Example Timber Pty Ltd',
    agreedBefore: taxTreatment.show('gst_free'),
    needsTwo: false,
    parts: partsOf(taxTreatment, ['gst', 'gst_free']),
    initial: initialOf(taxTreatment, 'GST'),
  }),
  'modal-reprocess-edit': drawOther(
    {
      metadata,
      label: 'Phone',
      title: 'Example Timber Pty Ltd',
      agreedBefore: null,
      needsTwo: false,
      parts: [{ name: 'value', kind: 'text' }],
      initial: { value: '(08) 7010 4000' },
    },
    'reprocess_edit',
  ),
  'modal-set-up': setUp,
  'modal-set-up-marks': setUpMarks,
  ...forgetForms,
  'modal-hidden-values': drawModalNote('Hidden values', ['E-mail', 'HubSpot: accounts@sample.example']),
  'modal-refused': drawModalAnswer('Another value', refusals.notDecider([owner])),
};
