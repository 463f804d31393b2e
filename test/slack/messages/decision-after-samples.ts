import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawDecision } from '#src/slack/messages/decision/decision.ts';
import type { DecisionFacts, UndoneDecision } from '#src/slack/messages/decision/facts.ts';
import {
  drawAsked,
  drawLaterAsk,
  drawLaterTaken,
  type EditorFacts,
  laterIsPast,
  laterTakenBack,
} from '#src/slack/messages/decision/later.ts';
import type { UndoItem } from '#src/slack/messages/rollback/facts.ts';
import { address, chosen, done, email, open, saved, terms } from './decision-samples.ts';
import { at, owner, zone } from './sample-time.ts';

const second = 'U0SECOND1';

const settled: DecisionFacts = {
  ...open,
  state: 'settled',
  fields: [done],
  saves: [saved('has_it', 'Xero'), saved('saved', 'HubSpot'), saved('saved', 'Cin7 Core')],
  closedAt: at('09:41:00'),
};

const item: UndoItem = {
  title: open.title,
  field: 'Billing address',
  system: 'HubSpot',
  hidden: false,
  written: '8 Example Rd, Sydney NSW 2000',
  before: '12 Sample St, Melbourne VIC 3000',
  found: null,
  verdict: 'goes_back',
  why: null,
  refusal: null,
  changedBy: null,
  outcome: 'put_back',
  owner: 'Xero',
};
const left: UndoItem = { ...item, outcome: null, system: 'Cin7 Core', verdict: 'changed_since' };
const undone: UndoneDecision = {
  reference: 'tr-7F3P4Z1M0Q',
  by: 'Priya Nair',
  at: at('09:56:00'),
  isUnderWay: false,
  back: [item, { ...item, system: 'Cin7 Core' }],
  left: [],
  fields: ['billing_address'],
  aside: 1,
  owners: ['Xero'],
};

const { changeId, title } = open;
const later = { changeId, title, zone, deadline: null };
const tomorrow = new Date('2026-11-25T09:00:00+11:00');
const edit = (system: string, changedBy: string | null, asked: EditorFacts['asked']): EditorFacts => ({
  label: 'Billing address',
  system,
  changedBy,
  asked,
});

/** Answers to "Later…" and "Ask who changed it". */
export const laterAnswers: Readonly<Record<string, Drawn>> = {
  'later-asks': drawLaterAsk({
    ...later,
    times: [
      { kind: 'afternoon', at: at('14:00:00') },
      { kind: 'tomorrow', at: tomorrow },
    ],
  }),
  'later-asks-with-limit': drawLaterAsk({
    ...later,
    title: 'Specimen *Bold* & Sons',
    deadline: tomorrow,
    times: [{ kind: 'day', at: new Date('2026-11-30T09:00:00+11:00') }],
  }),
  'later-taken': drawLaterTaken({ ...later, until: tomorrow }),
  'later-taken-past-limit': drawLaterTaken({ ...later, until: tomorrow, deadline: at('17:00:00') }),
  'later-taken-back': laterTakenBack(title),
  'later-past': laterIsPast(),
  'asked-editor': drawAsked([
    edit('HubSpot', 'mia', { kind: 'now', name: 'Mia Torres' }),
    { ...edit('HubSpot', 'mia', { kind: 'now', name: 'Mia Torres' }), label: 'Payment terms' },
    edit('Xero', null, { kind: 'nobody' }),
    edit('Cin7 Core', 'warehouse *login*', { kind: 'nobody' }),
  ]),
  'asked-editor-before': drawAsked([
    edit('HubSpot', 'mia', { kind: 'before', name: 'Mia Torres' }),
    edit('Cin7 Core', 'priya', { kind: 'self' }),
  ]),
  'asked-editor-nobody': drawAsked([]),
};

/** A decision's message after it was settled. */
export const decisionsAfter: Readonly<Record<string, Drawn>> = {
  'decision-settled-undoable': drawDecision({ ...settled, undoable: 'yes' }),
  'decision-settled-custom': drawDecision({
    ...settled,
    undoable: 'yes',
    custom: { field: 'billing_address', system: 'Cin7 Core' },
  }),
  'decision-settled-two-people': drawDecision({
    ...settled,
    fields: [
      { ...terms, state: 'confirmed', chosen: { ...chosen, shown: '30 days', by: second, first: owner } },
    ],
    undoable: 'two_people',
  }),
  'decision-expired-undoable': drawDecision({
    ...settled,
    fields: [
      { ...address, state: 'expired', fallback: 'owner_wins', chosen: { ...chosen, by: 'rule:owner_wins' } },
    ],
    undoable: 'yes',
  }),
  'decision-forgotten': drawDecision({
    ...settled,
    fields: [{ ...done, hidden: true, groups: [], agreedBefore: null, chosen: { ...chosen, shown: null } }],
    forgottenAfterDays: 30,
  }),
  'decision-undoing': drawDecision({
    ...settled,
    undone: { ...undone, isUnderWay: true, back: [], aside: 0 },
  }),
  'decision-undone': drawDecision({ ...settled, undone }),
  'decision-undone-in-part': drawDecision({
    ...settled,
    fields: [done, { ...email, state: 'confirmed', chosen: { ...chosen, shown: 'office@sample.example' } }],
    undone: {
      ...undone,
      back: [item, { ...item, field: 'E-mail', hidden: true, before: null, written: null }],
      left: [
        { ...left, changedBy: 'Mia Torres', found: '4 Specimen Ln, Geelong VIC 3220' },
        { ...left, field: 'Payment terms', verdict: 'cannot', why: 'two_people' },
        {
          ...left,
          field: 'Phone',
          verdict: 'goes_back',
          outcome: 'refused',
          refusal: 'The record is locked.',
        },
      ],
      fields: ['billing_address', 'email'],
      aside: 2,
      owners: ['HubSpot', 'Xero'],
    },
  }),
  'decision-undone-released': drawDecision({
    ...settled,
    undone: { ...undone, back: [{ ...item, before: null }], aside: 0, owners: [] },
  }),
  'decision-undone-beside-open': drawDecision({ ...open, fields: [done, terms], undone }),
};
