import { basename } from 'node:path';
import { notCreated, refused } from '../batches.ts';
import { projectOn } from '../columns.ts';
import type { AccountReport, Connection } from '../connection.ts';
import type { CallContext, Connector } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { type SheetClient, sheetClient } from './client.ts';
import { sheet } from './read.ts';
import { label } from './words.ts';

const onlyRead = 'a file is only ever read';

/** A CSV file or a workbook as a source of customers. No credentials. */
export function createCsv(options: ConnectorOptions<'csv'>): Connection {
  const client = sheetClient(options);
  return {
    system: 'csv',
    label,
    oauth: null,
    keeps: new Map([['customer', rowsOf(client, options)]]),
    webhook: () => ({ kind: 'refused', status: 400, reason: 'A file sends no webhooks.' }),
    account: (_entities, call) => reportOf(client, options.terms.file, call),
    setUp: async () => undefined,
  };
}

function rowsOf(client: SheetClient, { terms, clock }: ConnectorOptions<'csv'>): Connector {
  const rows = sheet(client, clock);
  return {
    label,
    role: 'row',
    canUpdate: false,
    canCreate: false,
    // The clock of the disk may be another machine's.
    lagMs: 2_000,
    overlapMs: 60_000,
    supports: (field) => Object.hasOwn(terms.columns, field),
    project: (field, value) => projectOn(terms.columns, field, value),
    changed: (since, _until, call) => rows.changed(since, call),
    read: rows.read,
    write: async (writes) => writes.map((write) => refused(write, onlyRead, null)),
    create: async (creates) => creates.map((one) => notCreated(one, onlyRead, null)),
    findMade: async () => new Map(),
  };
}

async function reportOf(client: SheetClient, file: string, call: CallContext): Promise<AccountReport> {
  const { table } = await client.read(call);
  const unreadable = [...table.items.values()].filter(({ kind }) => kind === 'malformed').length;
  const missing = table.drift.map(
    ({ field, expected }) =>
      `${basename(file)} has no heading “${expected}”: ${field} is left alone until the agreement names another.`,
  );
  return {
    account: basename(file),
    scopes: null,
    missingScopes: [],
    expiresAt: null,
    problems: [
      ...missing,
      ...table.doubles.slice(0, 5),
      ...(unreadable > 0 ? [`${unreadable} of its rows cannot be read; the others can.`] : []),
    ],
    steps: [],
  };
}
