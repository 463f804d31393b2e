import { projectOn } from '../columns.ts';
import type { Connection } from '../connection.ts';
import type { Connector } from '../connector.ts';
import type { ConnectorOptions } from '../options.ts';
import { carryOut, reportOf } from './account.ts';
import { databaseClient } from './client.ts';
import { createRows, findMarkers } from './create.ts';
import { markRows, rowsPerMarking } from './mark.ts';
import { changedRows, readRows } from './read.ts';
import { tableState } from './state.ts';
import { overlapMs } from './triggers.ts';
import { label } from './words.ts';
import { writeRows } from './write.ts';

/** A table of the company's own PostgreSQL as customers. Credential: `url`. */
export function createPostgres(options: ConnectorOptions<'postgresql'>): Connection {
  const { terms, clock } = options;
  const state = tableState(terms, databaseClient(options), clock);
  return {
    system: 'postgresql',
    label,
    oauth: null,
    keeps: new Map([['customer', rowsOf(state, terms)]]),
    account: (_entities, call) => reportOf(state, call),
    setUp: (step, call) => carryOut(state, step, call),
    webhook: () => ({ kind: 'refused', status: 400, reason: 'A database sends no webhooks.' }),
  };
}

function rowsOf(
  state: ReturnType<typeof tableState>,
  terms: ConnectorOptions<'postgresql'>['terms'],
): Connector {
  return {
    label,
    role: 'row',
    canUpdate: true,
    canCreate: terms.marker !== null,
    // Two programs' clocks, and a transaction that commits a moment after it took the time.
    lagMs: 5_000,
    overlapMs,
    supports: (field) => Object.hasOwn(terms.columns, field),
    project: (field, value) => projectOn(terms.columns, field, value),
    changed: (since, until, call) => changedRows(state, since, until, call),
    read: async (ids, call) => (await readRows(state, ids, call)).items,
    write: (writes, call) => writeRows(state, writes, call),
    create: (creates, call) => createRows(state, creates, call),
    findMade: (creates, call) =>
      findMarkers(
        state,
        creates.map(({ marker }) => marker),
        call,
      ),
    ...(terms.marker === null
      ? {}
      : {
          marking: {
            place: `the column ${terms.marker}`,
            cost: { calls: 1, records: rowsPerMarking },
            mark: (marks, call) => markRows(state, marks, call),
          },
        }),
  };
}
