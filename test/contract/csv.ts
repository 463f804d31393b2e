import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createConnections } from '#src/connectors/registry.ts';
import { customersOf } from '#test/support/connections.ts';
import { clockAtNoon, memoryBudgets, memoryLog, memoryTokens, terms } from '../connectors/kit.ts';
import { type Cell, workbook } from '../support/workbook.ts';
import { listed } from './stage.ts';
import type { OpenOptions, Stage, Subject } from './subject.ts';

const columns = {
  legal_name: 'Company',
  trading_name: 'Trading as',
  abn: 'ABN',
  acn: 'ACN',
  email: 'E-mail',
  phone: 'Phone',
  mobile: 'Mobile',
  billing_address: {
    line1: 'Street',
    line2: 'Street 2',
    city: 'Suburb',
    state: 'State',
    postcode: 'Postcode',
    country: 'Country',
  },
  delivery_address: { line1: 'Ship to', city: 'Ship suburb', postcode: 'Ship postcode' },
  payment_terms: 'Terms',
  tax_treatment: 'GST',
  gst_registered: 'Registered for GST',
  status: 'Status',
};
const headings = [
  'Customer No',
  ...Object.values(columns).flatMap((held) => (typeof held === 'string' ? [held] : Object.values(held))),
];

type Row = Record<string, string>;
const rows = (): Map<string, Row> =>
  new Map([
    [
      '1001',
      {
        Company: 'ACME, Widgets & "Things" Pty Ltd',
        'Trading as': 'Acme',
        ABN: '51 824 753 556',
        ACN: '004 085 616',
        'E-mail': 'accounts@example.com.au',
        Phone: '(02) 5550 1234',
        Mobile: '0491 570 156',
        Street: 'Level 3\n8 Example Rd',
        'Street 2': 'The Annexe',
        Suburb: 'Sydney',
        State: 'NSW',
        Postcode: '2000',
        Country: 'Australia',
        'Ship to': '1 Dock St',
        'Ship suburb': 'Darwin',
        'Ship postcode': '0801',
        Terms: '30 days',
        GST: 'gst',
        'Registered for GST': 'Registered from 01/07/2000',
        Status: 'Active',
      },
    ],
    ['1002', { Company: 'BETA PTY LTD', Status: 'active' }],
    ['1003', { Company: 'GAMMA PTY LTD', Status: 'active' }],
  ]);

const csvLine = (cells: readonly string[]) =>
  `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`;

/** A file with three customers, written anew with every edit, and a connector that reads it. */
async function open(kind: 'csv' | 'xlsx', how: OpenOptions = {}): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'truce-sheet-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, `customers.${kind}`);
  const clock = clockAtNoon();
  const held = rows();
  const doubled = new Set<string>();
  /** The time that a file was saved is the test's. */
  const save = async (at = clock.now()) => {
    const lines = [...held].flatMap(([key, row]) => {
      const line = [key, ...headings.slice(1).map((heading) => row[heading] ?? '')];
      return doubled.has(key) ? [line, line] : [line];
    });
    const all = [headings, ...lines];
    const empty = (cell: string): Cell => (cell === '' ? null : cell);
    await writeFile(
      file,
      kind === 'csv' ? all.map(csvLine).join('') : workbook(all.map((line) => line.map(empty))),
    );
    await utimes(file, at, at);
  };
  await save(new Date('2026-11-19T01:00:00.000Z'));
  const change = async (id: string, more: Row) => {
    held.set(id, { ...held.get(id), ...more });
    await save();
  };
  const { callsPerMinute = 600, callsPerDay = 100_000 } = how;
  const log = memoryLog();
  const connections = createConnections({
    agreement: {
      connections: { csv: terms('csv', { file, key: 'Customer No', columns, callsPerMinute, callsPerDay }) },
    },
    credential: () => undefined,
    tokens: memoryTokens(),
    http: { log, budgets: memoryBudgets() },
    clock,
  });
  const connector = customersOf(connections.get('csv'));
  // What changes from here on is told from what is there now.
  await listed(connector, null, clock.now());
  return {
    connector,
    clock,
    edit: (id, phone) => change(id, { Phone: phone }),
    count: () => held.size,
    archive: (id) => change(id, { Status: 'Archived' }),
    remove: async (id) => {
      held.delete(id);
      await save();
    },
    spoil: async (id) => {
      doubled.add(id);
      await save();
    },
  };
}

const never = 'a file is only ever read';

export const sheetSubject = (kind: 'csv' | 'xlsx'): Subject => ({
  system: 'csv',
  open: (how) => open(kind, how),
  ids: ['1001', '1002', '1003'],
  absentId: '9999',
  fields: {
    legal_name: 'ACME HOLDINGS PTY LTD',
    trading_name: 'Acme & Sons',
    abn: '53 004 085 616',
    acn: '000 250 000',
    email: 'pay@example.com.au',
    phone: '+61 2 5550 9876',
    mobile: '0491 570 157',
    billing_address: {
      line1: '9 Sample St',
      line2: null,
      city: 'Darwin',
      state: 'NT',
      postcode: '0800',
      country: null,
    },
    delivery_address: {
      line1: 'Shed 2',
      line2: null,
      city: 'Darwin',
      state: null,
      postcode: '0801',
      country: null,
    },
    payment_terms: { days: 14, from: 'end_of_month' },
    tax_treatment: 'gst_free',
    gst_registered: false,
  },
  clearable: [],
  refused: null,
  fresh: null,
  account: `customers.${kind}`,
  cannot: {
    update: never,
    create: never,
    'mark later': never,
    'unique names': never,
    status: never,
    pages: 'a file is read whole',
    budget: 'nobody counts how often a file is read',
    'late listing': 'a file shows everything at once',
    'lost answers': never,
    'withdrawn access': 'there is no sign-in',
    'renewed sign-in': 'there is no sign-in',
    'vendor faults': 'it is no vendor over HTTP; its own are in test/connectors/csv.int.test.ts',
  },
});
