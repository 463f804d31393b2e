import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawChangeLookup } from '#src/slack/messages/lookup/lookup.ts';
import { notThatSystem } from '#src/slack/messages/refusals.ts';
import type { UndoFacts, UndoItem } from '#src/slack/messages/rollback/facts.ts';
import {
  drawUndo,
  drawUndoLookup,
  drawUndoPreview,
  drawUndoReport,
} from '#src/slack/messages/rollback/rollback.ts';
import { found } from './lookup-samples.ts';
import { at, zone } from './sample-time.ts';

const phone: UndoItem = {
  title: 'Example Timber Pty Ltd',
  field: 'Phone',
  system: 'Xero',
  hidden: false,
  written: '(03) 5550 1234',
  before: '(03) 5550 9876',
  found: '(03) 5550 1234',
  verdict: 'goes_back',
  why: null,
  refusal: null,
  changedBy: null,
  outcome: null,
  owner: 'HubSpot',
};
const email: UndoItem = {
  ...phone,
  title: 'Specimen *Bold* & Sons',
  field: 'E-mail',
  system: 'Cin7 Core',
  hidden: true,
  written: null,
  before: null,
  found: null,
  owner: 'Xero',
};
const address: UndoItem = {
  ...phone,
  field: 'Billing address',
  written: '12 Sample St, Melbourne VIC 3000',
  before: null,
  owner: 'Xero',
};
const changed: UndoItem = {
  ...phone,
  title: 'Sample Cellars',
  verdict: 'changed_since',
  found: '(03) 5550 4321',
  changedBy: 'Mia Torres',
};
const cannot = (why: UndoItem['why'], more: Partial<UndoItem> = {}): UndoItem => ({
  ...phone,
  title: 'Mallee Dairy',
  verdict: 'cannot',
  why,
  ...more,
});

const undo: UndoFacts = {
  reference: 'tr-7F3P4Z1M0Q',
  command: '/sync',
  zone,
  drawing: 1,
  flowName: 'Customers',
  noun: { one: 'customer', many: 'customers' },
  scope: 'run',
  target: 'tr-7F3KB04M1Z',
  about: null,
  system: null,
  state: 'previewed',
  note: null,
  by: 'Priya Nair',
  askedAt: at('09:40:00'),
  approvedAt: null,
  finishedAt: null,
  counts: {
    goesBack: 12,
    changedSince: 2,
    cannot: 3,
    asBefore: 1,
    putBack: 0,
    moved: 0,
    refused: 0,
    open: 12,
    records: 8,
  },
  back: [phone, address, email],
  left: [
    changed,
    { ...changed, hidden: true, changedBy: 'tr-7F3K92QDXB' },
    cannot('made', { field: '*', title: 'Nullarbor Roadhouse' }),
    cannot('two_people', { field: 'ABN', owner: 'Xero' }),
    cannot('locked'),
  ],
  aside: { fields: 0, records: 0, owners: [] },
};
const one: UndoFacts = {
  ...undo,
  scope: 'write',
  target: 'tr-7F3K92QDXB',
  system: 'Xero',
  counts: { ...undo.counts, goesBack: 1, records: 1, changedSince: 0, cannot: 0, asBefore: 0, open: 1 },
  back: [phone],
  left: [],
};
const nothing: UndoFacts = {
  ...undo,
  scope: 'change',
  target: 'tr-7F3K92QDXB',
  counts: { ...undo.counts, goesBack: 0, records: 0, open: 0, changedSince: 0, cannot: 7 },
  back: [],
  left: (['gone', 'merged', 'archived', 'other_record', 'unreadable', 'read_only', 'left'] as const).map(
    (why) => cannot(why),
  ),
};
const underWay: UndoFacts = {
  ...undo,
  state: 'under_way',
  approvedAt: at('09:41:00'),
  counts: { ...undo.counts, putBack: 5, open: 7 },
};
const done: UndoFacts = {
  ...undo,
  state: 'done',
  approvedAt: at('09:41:00'),
  finishedAt: at('09:42:00'),
  counts: { ...undo.counts, putBack: 9, moved: 2, refused: 1, open: 0 },
  left: [
    { ...changed, verdict: 'goes_back', changedBy: null, outcome: 'moved' },
    { ...changed, verdict: 'goes_back', found: null, why: 'asking', outcome: 'moved' },
    { ...email, outcome: 'refused', refusal: 'The customer <is> *inactive*' },
  ],
  aside: { fields: 8, records: 8, owners: ['HubSpot', 'Xero'] },
};
const over: UndoFacts = {
  ...done,
  counts: { ...done.counts, putBack: 12, moved: 0, refused: 0 },
  left: [],
  aside: { fields: 0, records: 0, owners: [] },
};

export const hostileUndo = (text: string): Drawn => {
  const item = { ...phone, title: text, written: text, before: text, found: text, system: 'Xero' };
  const left = { ...item, verdict: 'changed_since' as const, changedBy: text };
  return drawUndoPreview({
    ...undo,
    back: [item],
    left: [left, { ...item, outcome: 'refused', refusal: text }],
  });
};

/** Undoing: the question, the message in the channel, and the answers. */
export const undoings: Readonly<Record<string, Drawn>> = {
  'undo-asks': drawUndoPreview(undo),
  'undo-asks-one': drawUndoPreview(one),
  'undo-asks-again': drawUndoPreview({ ...one, scope: 'rollback', target: 'tr-7F3P4Z1M0P', system: null }),
  'undo-asks-newer': drawUndoPreview({
    ...one,
    left: [cannot('newer'), cannot('asking')],
    counts: { ...one.counts, cannot: 2 },
  }),
  'undo-nothing': drawUndoPreview(nothing),
  'undo-not-read': drawUndoPreview({
    ...nothing,
    state: 'dropped',
    note: 'Xero did not answer within 10 seconds',
  }),
  'undo-under-way': drawUndo(underWay),
  'undo-done': drawUndo(done),
  'undo-done-one': drawUndo({
    ...done,
    scope: 'write',
    system: 'Xero',
    about: 'Sample *Bold* <Cellars>',
    counts: { ...one.counts, putBack: 1, open: 0 },
    left: [],
    aside: { fields: 1, records: 1, owners: ['HubSpot'] },
  }),
  'undo-done-all': drawUndo({ ...over, scope: 'rollback' }),
  'undo-done-none': drawUndo({
    ...over,
    counts: { ...over.counts, putBack: 0, moved: 12 },
    left: done.left.slice(0, 1),
  }),
  'undo-reports': drawUndoReport(done),
  'undo-reports-under-way': drawUndoReport(underWay),
  'undo-reports-all': drawUndoReport(over),
  'undo-no-such-system': notThatSystem({ word: 'MYOB', systems: ['HubSpot', 'Xero', 'Cin7 Core'] }),
  'undo-no-single-write': notThatSystem({ word: 'Xero', systems: [] }),
  'lookup-undone': drawUndoLookup(done),
  'lookup-undo-asked': drawUndoLookup(undo),
  'lookup-undo-dropped': drawUndoLookup({
    ...nothing,
    state: 'dropped',
    note: 'it was cancelled',
    back: [],
    left: [],
  }),
  'lookup-undoable': drawChangeLookup({ ...found, undoable: true }),
};
