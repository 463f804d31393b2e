import type { DbOrTx } from '../db.ts';
import { among } from '../many.ts';
import { records } from '../tables/index.ts';

/** A record that is told of in the story of another. */
export interface NamedRecord {
  readonly id: string;
  readonly title: string;
}

type Data = Readonly<Record<string, unknown>>;

/** The lines' words: what is kept of them must name no other record. */
const worded = ['reason', 'detail'];
const tokenOf = (id: string): string => `{${id}}`;

/**
 * A line of a story is kept for ever, and under the key of the record that it tells of: another record that it names stands in it by
 * its id alone, so that whoever has that one erased has its name gone from here too.
 */
export function withoutNames(data: Data, others: readonly NamedRecord[]): Data {
  const named = others.filter(({ title }) => title !== '').sort((a, b) => b.title.length - a.title.length);
  if (named.length === 0) return data;
  const ids = named.reduce((words, { id, title }) => {
    const quoted = inWords(words, `“${title}”`, `“${tokenOf(id)}”`);
    // A reason may be one word of ours, of which a short name is a part.
    return inWords(quoted, title, tokenOf(id), ['detail']);
  }, data);
  return { ...ids, others: [...new Set(named.map(({ id }) => id))] };
}

/** The same lines, with the names that the other records have now. */
export async function withNames<T extends { readonly data: Data }>(
  db: DbOrTx,
  lines: readonly T[],
): Promise<T[]> {
  const ids = new Set(lines.flatMap(({ data }) => othersIn(data)));
  if (ids.size === 0) return [...lines];
  const rows = await db
    .select({ id: records.id, title: records.title })
    .from(records)
    .where(among(records.id, ids));
  const titles = new Map(rows.map(({ id, title }) => [id, title]));
  return lines.map((line) => {
    const { others: _, ...rest } = line.data;
    const data = othersIn(line.data).reduce(
      (words: Data, id) => inWords(words, tokenOf(id), titles.get(id) ?? id),
      rest,
    );
    return { ...line, data };
  });
}

const othersIn = ({ others }: Data): string[] =>
  Array.isArray(others) ? others.filter((id) => typeof id === 'string') : [];

const inWords = (data: Data, text: string, other: string, names: readonly string[] = worded): Data =>
  Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      names.includes(name) && typeof value === 'string' ? value.replaceAll(text, () => other) : value,
    ]),
  );
