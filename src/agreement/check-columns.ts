import { customer } from '../entities/customer.ts';
import { suggest } from './nearest.ts';
import type { LineOf, Path, Problem } from './problem.ts';
import type { WrittenConnection } from './schema.ts';
import { says } from './where.ts';

/** The parts of fields that are more than one text. The first must have a column; terms may also be one column of words. */
const partsOf: Readonly<Record<string, { readonly parts: readonly string[]; readonly orOne: boolean }>> = {
  billing_address: { parts: ['line1', 'line2', 'city', 'state', 'postcode', 'country'], orOne: false },
  delivery_address: { parts: ['line1', 'line2', 'city', 'state', 'postcode', 'country'], orOne: false },
  payment_terms: { parts: ['days', 'from'], orOne: true },
};

type Written = string | Readonly<Record<string, string>>;

/** What is wrong with the columns that a table or a file is mapped by. */
export function checkColumns(parent: Path, connection: WrittenConnection, lineOf: LineOf): Problem[] {
  if (!('columns' in connection)) return [];
  const known = customer.fields.map(({ name }) => name);
  const each = Object.entries(connection.columns).flatMap(([field, written]): Problem[] => {
    const path = [...parent, 'columns', field];
    if (known.includes(field)) return checkOne(path, field, written, lineOf);
    const message = says(path, `is not a field of a ${customer.noun.one}.`);
    return [{ line: lineOf(path), message, remedy: suggest(field, known) }];
  });
  return connection.system === 'postgresql' ? [...each, ...usedTwice(parent, connection, lineOf)] : each;
}

function checkOne(path: Path, field: string, written: Written, lineOf: LineOf): Problem[] {
  const whole = partsOf[field];
  const problem = (place: Path, predicate: string, remedy: string): Problem => ({
    line: lineOf(place),
    message: says(place, predicate),
    remedy,
  });
  if (!whole) {
    if (typeof written === 'string') return [];
    return [problem(path, 'has parts, but is one value.', 'Write the name of its column alone.')];
  }
  const { parts, orOne } = whole;
  const [first = ''] = parts;
  const example = `Write “${field}: { ${parts.map((part) => `${part}: …`).join(', ')} }”, without the parts that have no column.`;
  if (typeof written === 'string')
    return orOne ? [] : [problem(path, 'needs a column for each of its parts.', example)];
  const unknown = Object.keys(written)
    .filter((part) => !parts.includes(part))
    .map((part) => problem([...path, part], `is not a part of ${field}.`, suggest(part, parts)));
  return Object.hasOwn(written, first)
    ? unknown
    : [problem(path, `has no column for ${first}.`, example), ...unknown];
}

/** Two fields in one column would be written over each other. */
function usedTwice(
  parent: Path,
  { key, marker, columns, changes }: Extract<WrittenConnection, { readonly system: 'postgresql' }>,
  lineOf: LineOf,
): Problem[] {
  const places: (readonly [Path, string])[] = [
    [[...parent, 'key'], key],
    ...(marker ? [[[...parent, 'marker'], marker] as const] : []),
    ...(changes === 'trigger' ? [] : [[[...parent, 'changes', 'column'], changes.column] as const]),
    ...Object.entries(columns).flatMap(([field, written]): (readonly [Path, string])[] => {
      const path = [...parent, 'columns', field];
      if (typeof written === 'string') return [[path, written]];
      return Object.entries(written).map(([part, column]) => [[...path, part], column] as const);
    }),
  ];
  const first = new Map<string, Path>();
  return places.flatMap(([path, column]): Problem[] => {
    const before = first.get(column);
    first.set(column, before ?? path);
    if (!before) return [];
    const message = says(path, `is the column “${column}”, and so is ${before.slice(2).join('.')}.`);
    return [{ line: lineOf(path), message, remedy: 'Give each a column of its own.' }];
  });
}
