import type { HomeView } from '@slack/types';
import type { HomeDecision, HomeDecisions } from '#src/slack/messages/home/decisions.ts';
import type { BoardFacts } from '#src/slack/messages/home/facts.ts';
import { drawHome } from '#src/slack/messages/home/home.ts';
import type { FlowStatus } from '#src/slack/messages/status/facts.ts';
import { fineFlow, stoppedFlow } from './answer-samples.ts';
import { xero } from './connection-samples.ts';
import { at, zone } from './sample-time.ts';

const waiting: FlowStatus = {
  ...fineFlow,
  id: 'customers',
  name: 'Customers',
  state: 'waiting for you',
  decisions: { open: 3, oldest: at('09:00:00') },
  alike: 1,
  waiting: [
    { words: 'no ABN', n: 7 },
    { words: 'the safety stop', n: 212 },
  ],
  links: { decision: 'https://example.slack.com/archives/C0CUSTOMR/p1795471980000300', alert: null },
};
const stopped: FlowStatus = {
  ...stoppedFlow,
  id: 'invoices',
  name: 'Invoices',
  noun: { one: 'invoice', many: 'invoices' },
  decisions: { open: 0, oldest: null },
};
const decision = (changeId: string, title: string, details: readonly string[]): HomeDecision => ({
  changeId,
  title,
  details,
  openedAt: at('09:00:00'),
  link: 'https://example.slack.com/archives/C0CUSTOMR/p1795471980000300',
});
const nothing: HomeDecisions = { shown: [], more: 0, putOff: 0 };
const board: BoardFacts = {
  kind: 'board',
  now: at('10:02:00'),
  zone,
  agreement: 7,
  command: '/sync',
  flows: [stopped, waiting, fineFlow],
  view: 'mine',
  unfolded: false,
  isFirst: false,
  decides: ['customers'],
  decisions: {
    shown: [
      decision('tr-7F3K92QDXB', 'Example Timber Pty Ltd', ['Billing address', 'Payment terms']),
      decision('tr-7F3K92QDXC', 'Specimen *Bakery* & Sons', ['Email']),
    ],
    more: 0,
    putOff: 1,
  },
  told: 'twice',
  connections: [],
};
const many: FlowStatus[] = Array.from({ length: 40 }, (_, i) => ({
  ...fineFlow,
  id: `flow-${i}`,
  name: `Sync ${i}`,
}));
const strange = (flow: FlowStatus): FlowStatus => ({ ...flow, mine: false });

/** The Home tab in every state. */
export const homes: Readonly<Record<string, HomeView>> = {
  'home-business-owner': drawHome(board),
  'home-technical-owner': drawHome({
    ...board,
    decides: [],
    decisions: nothing,
    told: 'morning',
    connections: [
      xero,
      { ...xero, id: 'xero-2', error: 'Xero does not answer' },
      { ...xero, id: 'xero-3', signIn: { kind: 'page', connected: null } },
    ],
  }),
  'home-nothing-waits': drawHome({
    ...board,
    flows: [fineFlow, { ...fineFlow, id: 'orders', name: 'Orders' }],
    decides: ['stock', 'orders'],
    decisions: nothing,
  }),
  'home-first-visit': drawHome({ ...board, flows: [waiting], isFirst: true }),
  'home-paused': drawHome({
    ...board,
    decisions: nothing,
    flows: [
      {
        ...fineFlow,
        state: 'paused',
        since: at('10:00:00'),
        paused: { by: 'Tom Walsh', at: at('10:00:00'), until: null },
        next: null,
      },
    ],
  }),
  'home-decisions': drawHome({
    ...board,
    flows: [{ ...waiting, decisions: { open: 9, oldest: at('09:00:00') }, alike: 0, waiting: [] }],
    decisions: {
      shown: [
        ...board.decisions.shown,
        { ...decision('tr-7F3K92QDXD', 'Harbour Sample Co', ['ABN']), link: null },
      ],
      more: 4,
      putOff: 2,
    },
  }),
  'home-one-of-many': drawHome({ ...board, flows: [waiting, ...many.map(strange)] }),
  'home-many': drawHome({ ...board, flows: [waiting, ...many], view: 'all' }),
  'home-many-unfolded': drawHome({ ...board, flows: [waiting, ...many], view: 'all', unfolded: true }),
  'home-bystander': drawHome({
    ...board,
    flows: [stopped, waiting, fineFlow].map(strange),
    decides: [],
    decisions: nothing,
  }),
  'home-no-syncs': drawHome({ ...board, flows: [], decides: [], decisions: nothing }),
  'home-stranger': drawHome({ kind: 'stranger', company: 'Example Trading Co' }),
  'home-unknown': drawHome({ kind: 'unknown' }),
};

/** A board on which everything that comes from outside tries to be markup. */
export const hostileHome = (text: string): HomeView =>
  drawHome({
    ...board,
    flows: [
      {
        ...stopped,
        problem: { words: text, alert: 1, reference: 'tr-7F3KB04M1Z', takenBy: null, takenUntil: null },
      },
    ],
    decisions: { ...nothing, shown: [decision('tr-7F3K92QDXB', text, [text])] },
    connections: [{ ...xero, error: text, account: text }],
  });
