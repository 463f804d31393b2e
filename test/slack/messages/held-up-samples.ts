import type { HomeView } from '@slack/types';
import { drawAlert } from '#src/slack/messages/alert/alert.ts';
import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawDecision } from '#src/slack/messages/decision/decision.ts';
import type { HeldUpFacts } from '#src/slack/messages/decision/held-up.ts';
import { drawQueue } from '#src/slack/messages/decision/queue.ts';
import { drawWaitingDecisions } from '#src/slack/messages/decision/waiting.ts';
import { type DigestFacts, drawDigest } from '#src/slack/messages/digest.ts';
import { drawHome } from '#src/slack/messages/home/home.ts';
import type { FlowStatus, StatusFacts } from '#src/slack/messages/status/facts.ts';
import { drawFlowStatus, drawStatus } from '#src/slack/messages/status/status.ts';
import { alert } from './alert-samples.ts';
import { fineFlow } from './answer-samples.ts';
import { address, open, terms } from './decision-samples.ts';
import { at, zone } from './sample-time.ts';

const invoices = { one: 'invoice', many: 'invoices' };
const orders = { one: 'order', many: 'orders' };

const one: HeldUpFacts = {
  groups: [
    { noun: invoices, n: 1, amount: '$14,230', title: 'INV-2041' },
    { noun: orders, n: 2, amount: null, title: null },
  ],
  amount: '$14,230',
};
const several: HeldUpFacts = {
  groups: [{ noun: invoices, n: 3, amount: '$61,200.50 and USD 500', title: null }],
  amount: '$61,200.50 and USD 500',
};
const nothing: HeldUpFacts = { groups: [], amount: null };

const flow: FlowStatus = {
  ...fineFlow,
  id: 'customers',
  name: 'Customers',
  state: 'waiting for you',
  decisions: { open: 3, oldest: at('09:00:00') },
  waiting: [{ words: 'no ABN', n: 7 }],
  heldUp: { decisions: one, waits: several },
};
const status: StatusFacts = {
  now: at('10:02:00'),
  zone,
  agreement: 7,
  command: '/sync',
  flows: [flow, fineFlow],
  heldUp: one,
};
const decision: DigestFacts['decisions'][number] = {
  changeId: 'tr-7F3K92QDXB',
  title: 'Example Timber Pty Ltd',
  flowName: 'Customers',
  details: ['ABN'],
  openedAt: at('09:00:00'),
  deadline: null,
  link: null,
  heldUp: one,
};
const digest = drawDigest({
  decisions: [decision, { ...decision, title: 'Sample Bakery', heldUp: nothing }],
  heldUp: one,
  unsaved: [],
  problems: [],
  asks: [],
  over: [],
  channels: ['sync-customers'],
  command: '/sync',
  board: null,
  zone,
});

/** What waits on what, wherever it is told. */
export const heldUps: Readonly<Record<string, Drawn>> = {
  'decision-open-waited-for': drawDecision({ ...open, heldUp: one }),
  'decision-open-waited-for-several': drawDecision({ ...open, fields: [address, terms], heldUp: several }),
  'alert-open-waited-for': drawAlert({ ...alert, heldUp: one }),
  'alert-open-worth': drawAlert({
    ...alert,
    flowId: 'invoices',
    flowName: 'Invoices',
    noun: invoices,
    worth: '$38,400',
  }),
  'status-all-waited-for': drawStatus(status),
  'status-flow-waited-for': drawFlowStatus(status, flow),
  ...(digest ? { 'digest-waited-for': digest } : {}),
  'conflicts-waited-for': drawWaitingDecisions(
    {
      decisions: [
        { ...decision, reference: 'tr-7F3K92QDXB', flowId: 'customers' },
        {
          ...decision,
          title: 'Sample Bakery',
          reference: 'tr-7F3KB04M1Z',
          flowId: 'customers',
          heldUp: nothing,
        },
      ],
      heldUp: one,
      flowId: null,
      command: '/sync',
      zone,
    },
    1,
  ),
  'queue-waited-for': drawQueue({
    flowId: 'customers',
    flowName: 'Customers',
    drawing: 3,
    shown: 5,
    waiting: 7,
    oldest: at('09:00:00'),
    heldUp: several,
    zone,
  }),
};

export const heldUpHomes: Readonly<Record<string, HomeView>> = {
  'home-waited-for': drawHome({
    kind: 'board',
    now: status.now,
    zone,
    agreement: 7,
    command: '/sync',
    flows: [
      flow,
      { ...flow, id: 'products', name: 'Products', heldUp: { decisions: nothing, waits: nothing } },
    ],
    view: 'mine',
    unfolded: false,
    isFirst: false,
    decides: ['customers', 'products'],
    heldUp: one,
    decisions: { shown: [], more: 0, putOff: 0 },
    told: 'twice',
    connections: [],
  }),
};

const hostile = (text: string) => {
  const heldUp = { groups: [{ noun: invoices, n: 1, amount: '$1', title: text }], amount: '$1' };
  return { heldUp, flow: { ...flow, heldUp: { decisions: heldUp, waits: heldUp } } };
};
/** Named by somebody who means no good. */
export const hostileWaited = (text: string): Drawn => drawDecision({ ...open, heldUp: hostile(text).heldUp });
export const hostileWaitedAlert = (text: string): Drawn =>
  drawAlert({ ...alert, heldUp: hostile(text).heldUp });
export const hostileWaitedStatus = (text: string): Drawn => drawFlowStatus(status, hostile(text).flow);
