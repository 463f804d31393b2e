import type { Path } from './problem.ts';

/** A path in words: the thing it is in ("The flow “customers”"), and the setting of that thing ("owners.business"; empty for the thing itself). */
export function where(path: Path): { readonly thing: string; readonly setting: string } {
  const [section, name, part, field] = path;
  const rest = (from: number) => path.slice(from).join('.');
  if (name === undefined) return { thing: 'The agreement', setting: rest(0) };
  if (section === 'flows') {
    if (part === 'fields' && field !== undefined) {
      return { thing: `The field “${field}” of the flow “${name}”`, setting: rest(4) };
    }
    return { thing: `The flow “${name}”`, setting: rest(2) };
  }
  if (section === 'people') return { thing: `The person “${name}”`, setting: rest(2) };
  if (section === 'connections') return { thing: `The connection “${name}”`, setting: rest(2) };
  return { thing: 'The agreement', setting: rest(0) };
}

/** "The flow “customers”: schedule.cron " and what is wrong with it. */
export function says(path: Path, predicate: string): string {
  const { thing, setting } = where(path);
  return setting ? `${thing}: ${setting} ${predicate}` : `${thing} ${predicate}`;
}
