import type { Drawn } from '#src/slack/messages/blocks.ts';
import { type DigestFacts, drawDigest } from '#src/slack/messages/digest.ts';
import { at, zone } from './sample-time.ts';

const decision = (title: string, time: string): DigestFacts['decisions'][number] => ({
  changeId: 'tr-7F3K92QDXB',
  title,
  flowName: 'Customers',
  details: ['Billing address'],
  openedAt: at(time),
  deadline: null,
  link: 'https://example.slack.com/archives/C0CUSTOMR/p1795471980000300',
});

const problem: DigestFacts['problems'][number] = {
  number: 118,
  flowName: 'Customers',
  words: 'Xero refuses our sign-in',
  openedAt: at('09:12:00'),
  blocks: '14 customers wait',
  taken: false,
};

const digest: DigestFacts = {
  decisions: [],
  unsaved: [],
  problems: [],
  asks: [],
  over: [],
  channels: ['sync-customers'],
  command: '/sync',
  board: 'slack://app?team=T0COMPANY1&id=A0TRUCE001&tab=home',
  zone,
};

const drawn = (facts: Partial<DigestFacts>): Drawn => {
  const found = drawDigest({ ...digest, ...facts });
  if (!found) throw new Error('nothing to say');
  return found;
};

const noun = { one: 'customer', many: 'customers' };
const ask = { n: 1, version: null, noun, flowName: 'Customers', since: at('08:30:00'), link: null };
const link = 'https://example.slack.com/archives/C0CUSTOMR/p1795471980000301';

const many = ['Example Timber Pty Ltd', 'Sample Bakery', 'Harbour Cafe', 'Bunya Glass', 'Wattle Cycles'];

/** What waits for one person, as a direct message at nine and at two. */
export const digests: Readonly<Record<string, Drawn>> = {
  'digest-one': drawn({
    decisions: [
      {
        ...decision('Example Timber Pty Ltd', '08:00:00'),
        details: ['Billing address', 'ABN'],
        deadline: at('15:00:00'),
      },
    ],
  }),
  'digest-expired': drawn({
    expired: [
      {
        title: 'Example Timber Pty Ltd',
        flowName: 'Customers',
        details: [
          { label: 'Billing address', used: null },
          { label: 'Payment terms', used: 'Xero' },
        ],
        link: 'https://example.slack.com/archives/C0CUSTOMR/p1795471980000300',
      },
    ],
  }),
  'digest-no-longer-alone': drawn({
    over: [{ title: 'Wattle Cycles', flowName: 'Customers', details: ['E-mail'] }],
  }),
  'digest-all': drawn({
    decisions: many.map((title, i) => decision(title, `08:0${i}:00`)),
    unsaved: [{ title: 'Firetail *Joinery*', flowName: 'Customers', reference: 'tr-7F3K92QDXB' }],
    problems: [problem, { ...problem, number: 119, words: 'the run is late', blocks: null, taken: true }],
    channels: ['sync-customers', 'sync-orders'],
  }),
  'digest-asks': drawn({
    asks: [
      { ...ask, kind: 'first_load', flowName: 'Products', link },
      { ...ask, kind: 'agreement', version: 4, link },
      { ...ask, kind: 'same', n: 3 },
      { ...ask, kind: 'gone', n: 2 },
    ],
  }),
  'digest-decision-and-ask': drawn({
    decisions: [decision('Example Timber Pty Ltd', '08:00:00')],
    asks: [{ ...ask, kind: 'gone', n: 1, link }],
  }),
  'digest-no-longer': drawn({
    decisions: [decision('Example Timber Pty Ltd', '08:00:00')],
    over: many.map((title) => ({ title, flowName: 'Customers', details: ['Billing address', 'ABN'] })),
  }),
  'digest-limit': drawn({
    decisions: [{ ...decision('Example Timber Pty Ltd', '10:00:00'), deadline: at('12:00:00') }],
    ending: true,
  }),
  'digest-problem': drawn({ problems: [problem] }),
};

export const hostileDigest = (text: string): Drawn =>
  drawn({
    decisions: [{ ...decision(text, '08:00:00'), flowName: text, details: Array(9).fill(text) }],
    unsaved: [{ title: text, flowName: text, reference: 'tr-7F3K92QDXB' }],
    problems: [{ ...problem, words: text, flowName: text, blocks: '14 customers wait' }],
    expired: [{ title: text, flowName: text, details: [{ label: text, used: text }], link: null }],
  });
