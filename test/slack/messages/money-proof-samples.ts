import type { MoneyProof } from '#src/entities/proof/money-proof.ts';
import type { Drawn } from '#src/slack/messages/blocks.ts';
import type { MoneyProofFacts } from '#src/slack/messages/money-proof/facts.ts';
import { drawMoneyProof, drawProofAnswer, noProof } from '#src/slack/messages/money-proof/money-proof.ts';
import { drawFlowStatus } from '#src/slack/messages/status/status.ts';
import { fineFlow } from './answer-samples.ts';
import { at, zone } from './sample-time.ts';

const record = (title: string, minor: number, detail: string | null = null) => ({
  ...{ recordId: title, title, minor, detail },
});

const quarter: MoneyProof = {
  span: { from: '2026-10-01', to: '2026-11-24' },
  currency: 'AUD',
  sums: { sold: 6_120_000, invoiced: 5_800_050, paid: 4_000_000 },
  codes: [
    { code: 'gst', sold: 5_120_000, invoiced: 4_800_050, paid: 3_000_000 },
    { code: 'gst_free', sold: 1_000_000, invoiced: 1_000_000, paid: 1_000_000 },
    { code: null, sold: 0, invoiced: 0, paid: 0 },
  ],
  causes: [
    {
      step: 'paid',
      cause: 'unpaid',
      minor: 1_423_000,
      count: 5,
      records: ['INV-2041', 'INV-2042', 'INV-2043', 'INV-2044'].map((title) => record(title, 300_000)),
    },
    { step: 'paid', cause: 'credited', minor: 377_050, count: 1, records: [record('INV-2040', 377_050)] },
    {
      step: 'invoiced',
      cause: 'not_made',
      minor: 319_951,
      count: 1,
      records: [record('Shed extension', 319_951, 'its customer: Fairy Wren Interiors is not in Xero yet')],
    },
    {
      step: 'invoiced',
      cause: 'changed_by_hand',
      minor: 0,
      codes: [
        { code: 'gst', minor: 11_000 },
        { code: 'gst_free', minor: -11_000 },
      ],
      count: 1,
      records: [record('INV-2038', 0)],
    },
    {
      step: 'invoiced',
      cause: 'rounding',
      minor: -1,
      count: 1,
      records: [record('INV-2039', -1, 'on each line')],
    },
  ],
  unexplained: [],
};
const odd: MoneyProof['unexplained'] = [
  { step: 'invoiced', recordId: 'a', title: 'INV-2031', minor: -12_200 },
  { step: 'paid', recordId: 'b', title: 'INV-2032', minor: 450 },
  { step: 'invoiced', recordId: 'c', title: 'Deck boards', minor: 100 },
  { step: 'paid', recordId: 'd', title: 'INV-2033', minor: -220_000 },
];
const fine: MoneyProofFacts = {
  id: 4,
  drawing: 1,
  flowId: 'invoices',
  flowName: 'Invoices',
  at: at('06:00:00'),
  zone,
  found: { proofs: [quarter], gaps: [], clashes: [] },
  still: null,
  command: '/sync',
};
const found: MoneyProofFacts = {
  ...fine,
  found: {
    proofs: [
      { ...quarter, unexplained: odd },
      {
        ...quarter,
        span: { from: null, to: '2026-09-30' },
        currency: 'USD',
        codes: [],
        unexplained: odd.slice(0, 1),
      },
    ],
    gaps: [
      { first: 'INV-2035', last: 'INV-2035', count: 1 },
      { first: 'INV-2007', last: 'INV-2009', count: 3 },
    ],
    clashes: [{ number: 'INV-2030', titles: ['Shed extension', 'Deck boards'] }],
  },
};

const flow = { ...fineFlow, id: 'invoices', name: 'Invoices' };
const status = { now: at('10:02:00'), zone, agreement: 7, command: '/sync', flows: [flow] };

/** What the morning's look at the money found. */
export const moneyProofs: Readonly<Record<string, Drawn>> = {
  'proof-found': drawMoneyProof(found),
  'proof-found-one': drawMoneyProof({
    ...fine,
    found: { ...fine.found, proofs: [{ ...quarter, unexplained: odd.slice(0, 1) }] },
  }),
  'proof-numbers': drawMoneyProof({ ...found, found: { ...found.found, proofs: [quarter] } }),
  'proof-missing': drawMoneyProof({ ...found, found: { ...found.found, proofs: [quarter], clashes: [] } }),
  'proof-still': drawMoneyProof({ ...found, still: 1 }),
  'proof-over': drawMoneyProof({ ...found, still: 0 }),
  'proof-answer': drawProofAnswer(found),
  'proof-answer-fine': drawProofAnswer(fine),
  'proof-answer-empty': drawProofAnswer({ ...fine, found: { proofs: [], gaps: [], clashes: [] } }),
  'status-flow-money': drawFlowStatus(status, {
    ...flow,
    money: { at: at('06:00:00'), words: '$122 without a reason' },
  }),
  'proof-no-sync': noProof('/sync'),
};

const hostileFound = (text: string): MoneyProofFacts['found'] => ({
  proofs: [
    {
      ...quarter,
      causes: quarter.causes.map((cause) => ({ ...cause, records: [record(text, 1, text)] })),
      unexplained: odd.map((one) => ({ ...one, title: text })),
    },
  ],
  gaps: [{ first: text, last: text, count: 2 }],
  clashes: [{ number: text, titles: [text, text] }],
});
export const hostileProof = (text: string): Drawn => drawMoneyProof({ ...fine, found: hostileFound(text) });
export const hostileProofAnswer = (text: string): Drawn =>
  drawProofAnswer({ ...fine, found: hostileFound(text) });
