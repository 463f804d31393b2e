import type { DbOrTx } from '../db.ts';
import { among } from '../many.ts';
import { changes } from '../tables/index.ts';
import { withNames } from './named-records.ts';
import { closed, isSealing, opened, openersOf, sealsOf } from './vault.ts';

type Data = Readonly<Record<string, unknown>>;
interface Line {
  readonly changeId: string;
  readonly data?: Data;
}

/** What a line may hold of a record's values. All else is read by queries. */
const held = ['value', 'undone', 'detail'];

const parted = (data: Data): { readonly values: Data; readonly rest: Data } => {
  const isValue = ([name, value]: [string, unknown]) =>
    held.includes(name) && value !== null && value !== undefined;
  const entries = Object.entries(data);
  return {
    values: Object.fromEntries(entries.filter(isValue)),
    rest: Object.fromEntries(entries.filter((entry) => !isValue(entry))),
  };
};

/** The lines of a story, their values under the keys of the records that they tell of. */
export async function closeStory<T extends Line & { readonly recordId?: string }>(
  db: DbOrTx,
  lines: readonly T[],
): Promise<(T & { readonly data: Data })[]> {
  const split = lines.map((line) => ({ line, ...parted(line.data ?? {}) }));
  const concerned = split.filter(({ values }) => Object.keys(values).length > 0).map(({ line }) => line);
  if (concerned.length === 0 || !isSealing(db))
    return lines.map((line) => ({ ...line, data: { ...line.data } }));
  const recordOf = await recordsOf(db, concerned);
  const seals = await sealsOf(db, new Set(concerned.flatMap((line) => recordOf(line) ?? [])));
  return split.map(({ line, values, rest }) => {
    const recordId = Object.keys(values).length > 0 ? recordOf(line) : null;
    const sealed = recordId ? closed(seals, recordId, values) : null;
    return { ...line, data: sealed === null ? { ...line.data } : { ...rest, sealed } };
  });
}

async function recordsOf<T extends Line & { readonly recordId?: string }>(
  db: DbOrTx,
  lines: readonly T[],
): Promise<(line: T) => string | null> {
  const unsaid = new Set(lines.flatMap(({ recordId, changeId }) => (recordId ? [] : [changeId])));
  const rows =
    unsaid.size === 0
      ? []
      : await db
          .select({ id: changes.id, recordId: changes.recordId })
          .from(changes)
          .where(among(changes.id, unsaid));
  const known = new Map(rows.map(({ id, recordId }) => [id, recordId]));
  return ({ recordId, changeId }) => recordId ?? known.get(changeId) ?? null;
}

/** The lines as they were told, other records by the names that they have now; values that nobody can read any more are left out. */
export async function openStory<T extends { readonly data: Data }>(
  db: DbOrTx,
  lines: readonly (T & { readonly recordId: string | null })[],
): Promise<T[]> {
  const isSealed = ({ data }: T) => typeof data.sealed === 'string';
  const seals = await openersOf(
    db,
    new Set(lines.flatMap((line) => (isSealed(line) && line.recordId) || [])),
  );
  const open = lines.map((line) => {
    const { sealed, ...rest } = line.data;
    if (typeof sealed !== 'string') return line;
    const values = line.recordId === null ? {} : opened(seals, line.recordId, sealed);
    return { ...line, data: { ...rest, ...(values as Data | undefined) } };
  });
  return withNames(db, open);
}
