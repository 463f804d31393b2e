import type { FieldTerms, Flow } from '#src/agreement/agreement.ts';
import { customer } from '#src/entities/customer.ts';
import { drawRules } from '#src/slack/messages/agreement/rules.ts';
import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawWaitingDecisions, type WaitingDecisionFacts } from '#src/slack/messages/decision/waiting.ts';
import { at, owner, technical, zone } from './sample-time.ts';

const labels = (id: string) => ({ xero: 'Xero', hubspot: 'HubSpot' })[id] ?? 'Cin7 Core';
const decision: WaitingDecisionFacts = {
  reference: 'tr-7F3K92QDXB',
  title: 'Example Timber Pty Ltd',
  flowId: 'customers',
  flowName: 'Customers',
  details: ['Billing address', 'Payment terms'],
  openedAt: at('09:00'),
  deadline: at('17:00'),
};
const waiting = (n: number) => ({
  decisions: Array.from({ length: n }, (_, i) => ({
    ...decision,
    deadline: i === 0 ? decision.deadline : null,
  })),
  flowId: null,
  command: '/sync',
  zone,
});

const all = ['hubspot', 'xero', 'cin7-core'];
const terms = (rule: FieldTerms['rule'], more: Partial<FieldTerms> = {}): FieldTerms => ({
  field: 'email',
  rule,
  systemOfRecord: 'xero',
  decideWithinHours: null,
  ifNobodyChooses: 'hold',
  twoPeople: false,
  between: all,
  ...more,
});
const detail = (label: string, of: FieldTerms, agreedIn: number | null = null) => ({
  label,
  terms: of,
  agreedIn,
});
const flow: Flow = {
  id: 'customers',
  name: 'Customers',
  connections: all,
  createIn: { xero: ['hubspot'], hubspot: ['xero'] },
  owners: {
    business: { name: 'Priya Nair', slack: owner },
    technical: { name: 'Tom Walsh', slack: technical },
  },
  deciders: [{ name: 'Priya Nair', slack: owner }],
  whenGone: 'ask',
} as unknown as Flow;
const rules = {
  flow,
  details: [
    detail('Legal name', terms('overwrite')),
    detail('Payment terms', terms('read_only', { between: ['hubspot', 'xero'] })),
    detail('E-mail', terms('review', { decideWithinHours: 24, ifNobodyChooses: 'keep' })),
    detail('ABN', terms('approve', { twoPeople: true })),
    detail('Billing address', terms('review', { decideWithinHours: 1, ifNobodyChooses: 'owner_wins' })),
    detail('Phone', terms('latest')),
  ],
  noun: customer.noun,
  labels,
  version: 7,
  command: '/sync',
};

/** Whatever records and syncs are called. */
export const hostileList = (text: string): Drawn => {
  const many = drawWaitingDecisions(
    { ...waiting(1), decisions: [{ ...decision, title: text, flowName: text, details: [text] }] },
    1,
  );
  const agreed = drawRules({ ...rules, flow: { ...flow, name: text } });
  return { text: agreed.text, blocks: [...many.blocks.slice(0, 1), ...agreed.blocks.slice(1)] };
};

/** What waits, and what was agreed. */
export const lists: Readonly<Record<string, Drawn>> = {
  'conflicts-none': drawWaitingDecisions(waiting(0), 1),
  'conflicts-two': drawWaitingDecisions(waiting(2), 1),
  'conflicts-many': drawWaitingDecisions(waiting(12), 2),
  rules: drawRules(rules),
  'rules-agreed-in-slack': drawRules({
    ...rules,
    details: [...rules.details, detail('Delivery address', terms('overwrite'), 6)],
  }),
  'rules-makes-none': drawRules({ ...rules, flow: { ...flow, createIn: {}, whenGone: 'archive' } }),
};
