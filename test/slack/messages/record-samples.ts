import type { Drawn } from '#src/slack/messages/blocks.ts';
import { drawNoRecord, drawRecord, drawRecords } from '#src/slack/messages/lookup/record.ts';
import type { RecordFacts, RecordLine } from '#src/slack/messages/lookup/record-facts.ts';
import { at, zone } from './sample-time.ts';

const record: RecordFacts = {
  title: 'Example Timber Pty Ltd',
  noun: 'customer',
  command: '/sync',
  zone,
  places: [
    { label: 'HubSpot', url: 'https://app.hubspot.example/contacts/1/company/2' },
    { label: 'Xero', url: 'https://go.xero.example/contacts/3' },
  ],
  in: ['HubSpot', 'Xero'],
  archivedIn: [],
  missingIn: ['Cin7 Core'],
  changes: [
    { reference: 'tr-7F3K92QDXB', state: 'waits', waitsFor: 'no ABN', open: true, at: at('09:12') },
    { reference: 'tr-7F3M0Q8WZK', state: 'settled', waitsFor: null, open: false, at: at('08:47') },
  ],
};
const found: readonly RecordLine[] = [
  { id: 'rec_1', title: 'Example Timber Pty Ltd', noun: 'customer', state: 'settled', at: at('09:41') },
  { id: 'rec_2', title: 'Example Timber (Geelong)', noun: 'customer', state: null, at: null },
];

/** Whatever a record may be called, and whatever somebody types. */
export const hostileRecord = (text: string): Drawn => {
  const { blocks, ...one } = drawRecord({ ...record, title: text, changes: [] });
  const several = drawRecords({ words: text, found: found.map((each) => ({ ...each, title: text })), zone });
  return {
    ...one,
    blocks: [...blocks, ...several.blocks.slice(0, 1).map((block) => ({ ...block, block_id: 'several' }))],
  };
};

/** `lookup` of whatever one knows of a record. */
export const recordLookups: Readonly<Record<string, Drawn>> = {
  'record-waits': drawRecord(record),
  'record-in-step': drawRecord({
    ...record,
    in: ['HubSpot', 'Xero', 'Cin7 Core'],
    missingIn: [],
    places: [],
    changes: [],
  }),
  'record-archived': drawRecord({
    ...record,
    in: ['HubSpot'],
    archivedIn: ['Xero', 'Cin7 Core'],
    missingIn: [],
    changes: record.changes.slice(1),
  }),
  'records-two': drawRecords({ words: 'example timber', found, zone }),
  'records-many': drawRecords({
    words: 'timber',
    found: Array.from({ length: 6 }, (_, i) => ({ ...found[0], id: `rec_${i}` }) as RecordLine),
    zone,
  }),
  'record-none': drawNoRecord({ words: 'harbor cafe', command: '/sync' }),
  'record-nothing-typed': drawNoRecord({ words: '', command: '/sync' }),
};
