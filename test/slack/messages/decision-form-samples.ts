import type { ModalView } from '@slack/types';
import { drawMakeRule, type MakeRuleFacts } from '#src/slack/messages/agreement/case-law.ts';
import { drawDecisionForm, drawFormLoading, type FormRef } from '#src/slack/messages/decision/form.ts';
import { drawManyAsk, drawManyDone, drawManyPreview } from '#src/slack/messages/decision/many.ts';
import { outdatedNow } from '#src/slack/messages/refusals.ts';
import { address, done, email, open, terms } from './decision-samples.ts';

const channel = 'C0CUSTOMR';
const ref: FormRef = { kind: 'queue', id: 'customers', at: 1 };
const one: FormRef = { kind: 'one', id: open.changeId, at: 0 };
const noun = { one: 'customer', many: 'customers' };
const page = {
  ...open,
  fields: [address, terms, { ...email, hidden: false }].map((field) => ({ ...field, whole: true })),
};
const long = 'Level 12, Tower Two, Example Exchange, 300 Sample Street, '.repeat(6);
export const ruleFacts: MakeRuleFacts = {
  same: 212,
  different: [],
  metadata: `${open.changeId}/billing_address/${channel}`,
  channel: 'sync-customers',
  owners: ['Priya Nair', 'Tom Walsh'],
  waits: null,
  label: 'Billing address',
  times: 5,
  system: 'Xero',
  against: ['HubSpot'],
  days: 90,
  place: 'flows → customers → fields',
  line: 'billing_address: { rule: overwrite, system_of_record: xero }',
};
const about = { ref, channel, noun, label: 'Billing address', changed: ['HubSpot', 'Xero'] };

/** The forms in which decisions are gone through, and many answered at once. */
export const decisionForms: Readonly<Record<string, ModalView>> = {
  'form-loading': drawFormLoading(ref, channel),
  'form-page': drawDecisionForm({
    ref,
    channel,
    total: 12,
    page,
    alike: { billing_address: 37 },
    note: null,
  }),
  'form-first-page': drawDecisionForm({
    ref: { ...ref, at: 0 },
    channel,
    total: 2,
    page: { ...open, fields: [done, terms] },
    alike: {},
    note: outdatedNow(),
  }),
  'form-see-all': drawDecisionForm({
    ref: one,
    channel,
    total: 1,
    page: {
      ...open,
      fields: Array.from({ length: 7 }, (_, i) => ({
        ...address,
        name: `detail_${i}`,
        label: `Detail ${i}`,
        whole: true,
        groups: address.groups.map((group) => ({ ...group, shown: i === 0 ? long : group.shown })),
      })),
    },
    alike: {},
    note: null,
  }),
  'form-two-people': drawDecisionForm({
    ref: one,
    channel,
    total: 1,
    page: {
      ...open,
      fields: [
        {
          ...terms,
          twoPeople: {
            first: {
              shown: '30 days',
              from: 'HubSpot',
              by: 'Priya Nair',
              at: new Date(1795471200000),
              group: 0,
            },
            can: ['Tom Walsh'],
            editors: [],
            lapsed: null,
          },
        },
      ],
    },
    alike: {},
    note: null,
  }),
  'form-many': drawManyAsk({
    ...about,
    total: 37,
    others: 4,
    like: `${open.changeId}/billing_address`,
    revision: 2,
    choices: [
      { from: 'hubspot', label: 'Use HubSpot' },
      { from: 'xero', label: 'Use Xero' },
      { from: 'agreed', label: 'Keep as agreed before' },
    ],
  }),
  'form-many-preview': drawManyPreview({
    ...about,
    id: '7b0f3c56-5d1e-4f7b-9a70-0d8a4d3b7c11',
    from: 'Xero',
    total: 37,
    rest: 0,
    writes: [
      { system: 'HubSpot', n: 37 },
      { system: 'Cin7 Core', n: 35 },
    ],
    examples: Array.from({ length: 10 }, (_, i) => ({
      title: `Example Timber ${i + 1} Pty Ltd`,
      shown: i === 3 ? null : `${i + 1} Example Rd, Sydney NSW 2000`,
      systems: i === 4 ? [] : ['HubSpot', 'Cin7 Core'],
    })),
  }),
  'form-many-preview-too-many': drawManyPreview({
    ...about,
    id: '7b0f3c56-5d1e-4f7b-9a70-0d8a4d3b7c11',
    from: 'as agreed before',
    total: 200,
    rest: 51,
    writes: [],
    examples: [{ title: 'Specimen *Bold* & Sons', shown: '4 Specimen Ln', systems: ['HubSpot'] }],
  }),
  'form-rule': drawMakeRule({
    ...ruleFacts,
    same: 212,
    different: [
      { kind: 'chosen', title: 'Example Timber Pty Ltd', shown: '12 Sample St, Melbourne', instead: null },
      { kind: 'put_back', title: 'Specimen *Bold* & Sons', systems: ['HubSpot'] },
      { kind: 'chosen', title: 'Sample Bakery', shown: '1 Sample St', instead: '2 Example Rd' },
    ],
  }),
  'form-rule-all-same': drawMakeRule({ ...ruleFacts, same: 7, different: [] }),
  'form-many-done': drawManyDone({ ref, channel, noun, label: 'Billing address', decided: 37, left: [] }),
  'form-many-done-in-part': drawManyDone({
    ref,
    channel,
    noun,
    label: 'Billing address',
    decided: 33,
    left: [
      { title: 'Example Timber Pty Ltd', why: 'moved' },
      { title: 'Sample Bakery', why: 'decided' },
      { title: 'Specimen *Bold* & Sons', why: 'over' },
      { title: 'Bunya Glass', why: 'two_people' },
    ],
  }),
};
