import type { Drawn } from '#src/slack/messages/blocks.ts';
import type { EvidenceFacts, LikenessFacts } from '#src/slack/messages/likeness/facts.ts';
import { drawLikeness } from '#src/slack/messages/likeness/likeness.ts';
import { drawLikenessQueue } from '#src/slack/messages/likeness/queue.ts';
import { at, owner, zone } from './sample-time.ts';

const noun = { one: 'customer', many: 'customers' };
const evidence = (more: Partial<EvidenceFacts> & Pick<EvidenceFacts, 'label' | 'says'>): EvidenceFacts => ({
  hidden: false,
  left: null,
  right: null,
  ...more,
});

export const alike: LikenessFacts = {
  id: 12,
  revision: 1,
  drawing: 1,
  noun,
  flowName: 'Customers',
  agreement: 7,
  zone,
  state: 'open',
  sides: [
    {
      title: 'Example Timber',
      systems: [{ label: 'HubSpot', url: 'https://app.hubspot.example/company/1' }],
    },
    {
      title: 'Example Timber Pty Ltd',
      systems: [
        { label: 'Xero', url: 'https://go.xero.example/contact/1' },
        { label: 'Cin7 Core', url: null },
      ],
    },
  ],
  evidence: [
    evidence({ label: 'ABN', says: 'missing', right: '51 824 753 556' }),
    evidence({ label: 'Name', says: 'same', left: 'Example Timber', right: 'Example Timber Pty Ltd' }),
    evidence({
      label: 'Email',
      says: 'same',
      hidden: true,
      left: 'a@sample.example',
      right: 'a@sample.example',
    }),
    evidence({
      label: 'Phone',
      says: 'different',
      hidden: true,
      left: '02 5550 1111',
      right: '02 5550 2222',
    }),
    evidence({ label: 'Address', says: 'missing' }),
  ],
  deciders: ['Priya Nair'],
  keepsFrom: ['HubSpot'],
  answer: null,
  undone: null,
  writtenMeanwhile: [],
  references: ['tr-7F3K92QDXB'],
  note: null,
};
const said = (what: 'same' | 'different') => ({ what, by: owner, at: at('09:21:00') });
const undone = { by: owner, at: at('09:40:00') };

/** Two records that may be one: asked, answered, undone. */
export const likenesses: Readonly<Record<string, Drawn>> = {
  'alike-open': drawLikeness(alike),
  'alike-open-merged': drawLikeness({
    ...alike,
    keepsFrom: [],
    references: [],
    evidence: [
      evidence({ label: 'Merge', says: 'merged', left: 'HubSpot', right: 'HubSpot' }),
      evidence({ label: 'ABN', says: 'alike', left: '51 824 753 565', right: '51 824 753 556' }),
      evidence({ label: 'Name', says: 'different', left: 'Example Timber', right: 'Specimen Hardware' }),
    ],
  }),
  'alike-linking': drawLikeness({ ...alike, state: 'linking', answer: said('same') }),
  'alike-same': drawLikeness({ ...alike, state: 'same', answer: said('same') }),
  'alike-different': drawLikeness({ ...alike, state: 'different', answer: said('different') }),
  'alike-parting': drawLikeness({ ...alike, state: 'parting', answer: said('same'), undone }),
  'alike-undone': drawLikeness({
    ...alike,
    state: 'undone',
    answer: said('same'),
    undone,
    writtenMeanwhile: ['tr-7F3K92QDXB', 'tr-7F3KB04M1Z'],
  }),
  'alike-undone-different': drawLikeness({ ...alike, state: 'undone', answer: said('different'), undone }),
  'alike-withdrawn': drawLikeness({
    ...alike,
    state: 'withdrawn',
    note: 'both are in Xero by now: they are two there',
  }),
  'alike-queue': drawLikenessQueue({
    flowId: 'customers',
    flowName: 'Customers',
    noun,
    drawing: 1,
    shown: 5,
    waiting: 7,
    oldest: at('09:00:00'),
    zone,
  }),
  'alike-queue-done': drawLikenessQueue({
    flowId: 'customers',
    flowName: 'Customers',
    noun,
    drawing: 2,
    shown: 3,
    waiting: 0,
    oldest: null,
    zone,
  }),
};
