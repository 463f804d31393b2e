import type { DbOrTx } from '../db.ts';
import { among } from '../many.ts';
import { records } from '../tables/index.ts';

/** A record that is told of in the story of another. */
export interface NamedRecord {
  readonly id: string;
  readonly title: string;
}

type Data = Readonly<Record<string, unknown>>;

/** The words of a line: what is kept of them must name no other record. */
const worded = ['reason', 'detail'];

/**
 * A line of a story is kept for ever, and under the key of the record that it tells of: another record that it names stands in it by
 * its id alone, so that whoever has that one erased has its name gone from here too.
 */
export function withoutNames(data: Data, others: readonly NamedRecord[]): Data {
  const named = others.filter(({ title }) => title !== '').sort((a, b) => b.title.length - a.title.length);
  if (named.length === 0) return data;
  const idOf = new Map(named.toReversed().map(({ id, title }) => [title, id]));
  const titles = named.map(({ title }) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
  // A reason may be one word of ours, of which a short name is a part.
  const where = { reason: new RegExp(`(?<=“)(?:${titles})(?=”)`, 'g'), detail: new RegExp(titles, 'g') };
  const words = Object.entries(where).flatMap(([name, pattern]) => {
    const text = data[name];
    return typeof text === 'string'
      ? [[name, text.replace(pattern, (title) => `{${idOf.get(title)}}`)] as const]
      : [];
  });
  return { ...data, ...Object.fromEntries(words), others: [...new Set(named.map(({ id }) => id))] };
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
    const own = new Set(othersIn(line.data));
    if (own.size === 0) return line;
    const { others: _, ...data } = line.data;
    const named = (text: string) =>
      text.replace(/\{([^{}]+)\}/g, (token, id) => (own.has(id) && titles.get(id)) || token);
    const words = worded.flatMap((name) => {
      const text = data[name];
      return typeof text === 'string' ? [[name, named(text)] as const] : [];
    });
    return { ...line, data: { ...data, ...Object.fromEntries(words) } };
  });
}

const othersIn = ({ others }: Data): string[] =>
  Array.isArray(others) ? others.filter((id) => typeof id === 'string') : [];
