import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawDecision } from '#src/slack/messages/decision/decision.ts';
import type { DecisionFacts } from '#src/slack/messages/decision/facts.ts';
import { drawPutBack, type PutBackFacts, type PutBackLine } from '#src/slack/messages/rollback/put-back.ts';
import { open } from './decision-samples.ts';
import { at, zone } from './sample-time.ts';

export const putBackLine: PutBackLine = {
  title: 'Example Timber Pty Ltd',
  label: 'Payment terms',
  hidden: false,
  shown: '14 days',
  ownerLabel: 'Xero',
  undone: [{ system: 'HubSpot', shown: '30 days', by: 'a sales user' }],
  times: 1,
  at: at('10:42:00'),
  reference: 'tr-7F3K92QDXB',
};
export const putBack: PutBackFacts = {
  flowId: 'customers',
  flowName: 'Customers',
  noun: { one: 'customer', many: 'customers' },
  drawing: 1,
  agreement: 7,
  zone,
  command: '/sync',
  lines: [putBackLine],
};

/** A change that waits because something keeps changing a value back. */
export const tugOpen: DecisionFacts = {
  ...open,
  state: 'held',
  fields: [],
  waitsFor: 'something else keeps changing it back',
  tugs: [
    {
      label: 'Phone',
      hidden: false,
      shown: '03 5550 1111',
      ownerLabel: 'Xero',
      undone: [{ system: 'HubSpot', shown: '03 5550 9999', by: 'Example Importer' }],
    },
  ],
};
const [tug] = tugOpen.tugs;

/** What was put back, and what is not put back any more. */
export const putBacks: Readonly<Record<string, Drawn>> = {
  'put-back': drawPutBack(putBack),
  'put-back-several': drawPutBack({
    ...putBack,
    lines: [
      putBackLine,
      {
        ...putBackLine,
        title: 'Specimen Hardware',
        undone: [{ system: 'Cin7 Core', shown: null, by: null }],
      },
      {
        ...putBackLine,
        label: 'E-mail',
        hidden: true,
        shown: 'accounts@sample.example',
        ownerLabel: 'HubSpot',
        times: 2,
      },
    ],
  }),
  'put-back-many': drawPutBack({
    ...putBack,
    lines: Array.from({ length: 40 }, (_, i) => ({ ...putBackLine, title: `Customer ${i}` })),
  }),
  'tug-of-war': drawDecision(tugOpen),
  'tug-of-war-hidden': drawDecision({
    ...tugOpen,
    tugs: tug
      ? [
          {
            ...tug,
            label: 'E-mail',
            hidden: true,
            shown: 'accounts@sample.example',
            undone: [{ system: 'HubSpot', shown: 'x@sample.example', by: null }],
          },
        ]
      : [],
  }),
  'tug-of-war-over': drawDecision({ ...tugOpen, state: 'withdrawn', tugs: [], closedAt: at('11:00:00') }),
};
