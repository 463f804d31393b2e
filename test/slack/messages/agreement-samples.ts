import { drawAgreement } from '#src/slack/messages/agreement/agreement.ts';
import { ruleProposed, ruleWaits } from '#src/slack/messages/agreement/case-law.ts';
import type { AgreementFacts, DetailEffect, RulingFacts } from '#src/slack/messages/agreement/facts.ts';
import type { Drawn } from '#src/slack/messages/blocks.ts';
import { proposalAlready, proposalOutdated, proposalOver } from '#src/slack/messages/refusals.ts';
import { ruleFacts } from './decision-form-samples.ts';
import { at, decider, owner, technical, zone } from './sample-time.ts';

const none = { n: 0, examples: [] };
const detail = (label: string, more: Partial<DetailEffect>): DetailEffect => ({
  label,
  writes: none,
  asks: none,
  withdraws: none,
  holds: none,
  ...more,
});

export const proposal: AgreementFacts = {
  version: 8,
  against: 7,
  revision: 1,
  drawing: 1,
  flowId: 'customers',
  flowName: 'Customers',
  noun: { one: 'customer', many: 'customers' },
  zone,
  state: { kind: 'asks' },
  says: [
    'Email: Xero decides (until now: where systems changed it apart, a person decides).',
    'Mobile is kept in step: HubSpot decides.',
  ],
  records: 230,
  details: [
    detail('Email', {
      writes: {
        n: 200,
        examples: ['Example Timber Pty Ltd', 'Specimen Bakery', 'Sample & Sons', 'Fourth', 'Fifth'],
      },
      withdraws: { n: 2, examples: ['Specimen Bakery', 'Sample & Sons'] },
    }),
    detail('Mobile', {
      writes: { n: 12, examples: ['Example Timber Pty Ltd'] },
      asks: { n: 37, examples: ['Harbour Sample Co', 'Test Café', 'Specimen Freight'] },
      holds: { n: 1, examples: ['Nobody & Co'] },
    }),
  ],
  besides: [],
  ends: false,
  countedAt: at('08:47'),
  approver: { id: owner, name: 'Olivia Owner' },
  technicalOwner: { id: technical, name: 'Terry Technical' },
  ruling: null,
};

const rule: RulingFacts = {
  label: 'Billing address',
  system: 'Xero',
  proposedBy: decider,
  tested: { days: 90, same: 212, different: 3 },
  words: [
    { as: 'business owner', id: owner, said: null },
    { as: 'technical owner', id: technical, said: null },
  ],
  line: 'billing_address: { rule: overwrite, system_of_record: xero }',
};
const firstWord = rule.words.map((word, i) =>
  i === 0 ? { ...word, said: { by: owner, at: at('09:12') } } : word,
);
const bothWords = firstWord.map((word) => ({
  ...word,
  said: word.said ?? { by: technical, at: at('09:31') },
}));

const joining: AgreementFacts = {
  ...proposal,
  says: ['Cin7 Core joins.', 'Missing customers are made in HubSpot where Xero has them.'],
  records: 0,
  details: [],
  besides: [
    '14 customers are missing in HubSpot and will be made there.',
    '1,204 customers will be compared with what Cin7 Core has, which Truce has not read yet: how many differ is not known.',
  ],
  approver: proposal.technicalOwner,
};

const ending: AgreementFacts = {
  ...proposal,
  says: [],
  records: 2,
  details: [detail('Email', { withdraws: { n: 2, examples: ['Specimen Bakery', 'Sample & Sons'] } })],
  ends: true,
};

const by = { by: owner, at: at('09:12') };

const ruling: AgreementFacts = {
  ...proposal,
  says: [],
  records: 3,
  details: [
    detail('Billing address', {
      writes: { n: 3, examples: ['Specimen Bakery', 'Sample & Sons', 'Test Café'] },
      withdraws: { n: 1, examples: ['Specimen Bakery'] },
    }),
  ],
  ruling: rule,
};

/** A new version of the agreement, in every state. */
export const agreements: Readonly<Record<string, Drawn>> = {
  'agreement-asks': drawAgreement(proposal),
  'agreement-joins': drawAgreement(joining),
  'agreement-ends': drawAgreement(ending),
  'agreement-waits': drawAgreement({
    ...proposal,
    state: { kind: 'waits', ...by, others: ['Products (Sam Stock)'] },
  }),
  'agreement-approved': drawAgreement({ ...proposal, state: { kind: 'counts', approved: by } }),
  'agreement-counts': drawAgreement({
    ...proposal,
    records: 0,
    details: [],
    state: { kind: 'counts', approved: null },
  }),
  'agreement-refused': drawAgreement({ ...proposal, state: { kind: 'refused', ...by } }),
  'agreement-replaced': drawAgreement({ ...proposal, state: { kind: 'replaced', newer: 9 } }),
  'agreement-taken-back': drawAgreement({ ...proposal, state: { kind: 'replaced', newer: null } }),
  'ruling-asks': drawAgreement(ruling),
  'ruling-half': drawAgreement({
    ...ruling,
    records: 0,
    details: [],
    ruling: { ...rule, tested: { days: 90, same: 1, different: 0 }, words: firstWord },
  }),
  'ruling-counts': drawAgreement({
    ...ruling,
    state: { kind: 'counts', approved: { by: owner, at: at('09:12') } },
    ruling: { ...rule, words: bothWords },
  }),
  'ruling-refused': drawAgreement({ ...ruling, state: { kind: 'refused', by: technical, at: at('09:31') } }),
  'ruling-taken-back': drawAgreement({ ...ruling, state: { kind: 'refused', by: decider, at: at('09:31') } }),
  'ruling-replaced': drawAgreement({ ...ruling, state: { kind: 'replaced', newer: 9 } }),
  'ruling-proposed': ruleProposed(ruleFacts, 8),
  'ruling-waits-already': ruleWaits(ruleFacts, { kind: 'already', version: 8 }),
  'ruling-waits-another': ruleWaits(ruleFacts, { kind: 'another', version: 8 }),
  'agreement-already': proposalAlready({ ...by, zone, me: technical }),
  'agreement-outdated': proposalOutdated(),
  'agreement-over': proposalOver('replaced'),
};
