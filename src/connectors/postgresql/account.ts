import { columnsOf, columnsOfField } from '../columns.ts';
import type { AccountReport, SetUpStep } from '../connection.ts';
import type { CallContext } from '../connector.ts';
import { CallFailed, failure } from '../http/failure.ts';
import { missingColumns } from './map.ts';
import { describeTable, type Table, unreadable } from './schema.ts';
import { quoted, quotedTable } from './sql.ts';
import type { TableState } from './state.ts';
import { triggerStatements } from './triggers.ts';
import { label } from './words.ts';

type Terms = TableState['terms'];

/** What the database and the table say of themselves: what is missing, and the steps that a person may approve. */
export async function reportOf({ client, terms }: TableState, call: CallContext): Promise<AccountReport> {
  const table = await describeTable(client, terms, call);
  const steps = stepsOf(terms, table);
  return {
    account: `${table.database}, PostgreSQL ${table.version}`,
    scopes: null,
    missingScopes: [],
    expiresAt: table.until,
    problems: problemsOf(terms, table),
    steps: steps.map(({ statements, ...step }) => ({ ...step, details: statements })),
  };
}

interface Step extends Omit<SetUpStep, 'details'> {
  readonly statements: readonly string[];
  /** What the user of the connection lacks for carrying it out. */
  readonly lacks: string | null;
}

function stepsOf(terms: Terms, table: Table): Step[] {
  const steps: Step[] = [];
  if (terms.changes.kind === 'trigger' && !table.noted) {
    steps.push({
      id: 'triggers',
      label: `Put triggers on ${terms.table} that note which rows change`,
      statements: triggerStatements(table, terms.key),
      lacks: lacking([
        [table.mayMakeTriggers, `trigger on ${terms.table}`],
        [table.mayMakeTables, `create on the schema ${table.schema}`],
      ]),
    });
  }
  const { marker } = terms;
  if (marker !== null && !table.unique.includes(marker)) {
    steps.push({
      id: 'marker',
      label: `Give ${terms.table} a column for Truce’s own id, each id once`,
      statements: markerStatements(marker, table),
      lacks: table.owns ? null : `ownership of ${terms.table}`,
    });
  }
  return steps;
}

const lacking = (needs: readonly (readonly [boolean, string])[]): string | null =>
  needs.flatMap(([has, what]) => (has ? [] : [what])).join(' and ') || null;

function markerStatements(marker: string, table: Table): string[] {
  const place = `${quoted(table.schema)}.${quoted(table.name)}`;
  const index = quoted(`${table.name.slice(0, 40)}_${marker.slice(0, 16)}_once`);
  return [
    ...(table.columns.has(marker)
      ? []
      : [`alter table ${place} add column if not exists ${quoted(marker)} text`]),
    `create unique index if not exists ${index} on ${place} (${quoted(marker)})`,
  ];
}

function problemsOf(terms: Terms, table: Table): string[] {
  const { table: named, changes, columns, marker } = terms;
  const waiting = stepsOf(terms, table);
  const reason = unreadable(table, terms);
  const steps = waiting.flatMap(({ label, lacks }) =>
    lacks === null
      ? []
      : [
          `“${label}” cannot be done as this user, who lacks ${lacks}: have somebody else run its statements.`,
        ],
  );
  const missing = missingColumns(terms, table).map(
    ({ field, expected }) =>
      `${named} has no column ${expected} any more: ${field} is left alone until the agreement names another.`,
  );
  return [
    ...(reason && !waiting.some(({ id }) => id === 'triggers') ? [`${sentence(reason)}.`] : []),
    ...missing,
    ...notIndexed(terms, table),
    ...unfitStatus(terms, table),
    ...(changes.kind === 'column'
      ? withoutPrivilege(table, [changes.column], 'mayUpdate', `update it in ${named}`)
      : []),
    ...withoutPrivilege(
      table,
      columnsOf(columns),
      'mayUpdate',
      `update them in ${named}: what others decide is not saved there`,
    ),
    ...(marker === null
      ? []
      : withoutPrivilege(
          table,
          [marker, ...columnsOf(columns)],
          'mayInsert',
          `insert them into ${named}: no rows can be made`,
        )),
    ...steps,
  ];
}

const sentence = (text: string) => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

function notIndexed({ changes, table: named }: Terms, table: Table): string[] {
  if (
    changes.kind !== 'column' ||
    !table.columns.has(changes.column) ||
    table.indexed.includes(changes.column)
  )
    return [];
  const statement = `create index on ${quotedTable(named)} (${quoted(changes.column)})`;
  return [`No index begins with ${changes.column}, so every run goes through all of ${named}: ${statement}.`];
}

function unfitStatus({ columns }: Terms, table: Table): string[] {
  return columnsOfField(columns, 'status').flatMap((name) => {
    const type = table.columns.get(name)?.base;
    if (type !== 'boolean') return [];
    return [
      `${name} is true or false, but status takes a text that is active or archived: leave it out, or map another column.`,
    ];
  });
}

function withoutPrivilege(
  table: Table,
  names: readonly string[],
  privilege: 'mayUpdate' | 'mayInsert',
  what: string,
): string[] {
  const closed = names.filter((name) => table.columns.get(name)?.[privilege] === false);
  return closed.length > 0 ? [`${closed.join(', ')}: the user of the connection may not ${what}.`] : [];
}

/** Long enough for an index on a large table. */
const setUpMs = 300_000;

/** Carries a step out, all of its statements in one transaction. One that is done already does nothing. */
export async function carryOut(state: TableState, id: string, call: CallContext): Promise<void> {
  const { client, terms } = state;
  const table = await describeTable(client, terms, call);
  const step = stepsOf(terms, table).find((one) => one.id === id);
  if (!step) return;
  if (step.lacks !== null) {
    const reason = `the user of the connection lacks ${step.lacks}`;
    throw new CallFailed(
      terms.id,
      failure('auth', `${label} does not let us do that: ${reason}`, { reason }),
    );
  }
  await client.run(
    { purpose: 'set up', method: 'SET UP', text: step.statements, effect: 'repeatable', timeoutMs: setUpMs },
    call,
  );
  state.table = null;
}
