import { suggest } from './nearest.ts';
import type { LineOf, Path, Problem } from './problem.ts';
import { remedyOf } from './remedies.ts';
import type { Written } from './schema.ts';
import { says } from './where.ts';

type Away = Written['people'][string]['deputies'][number];

/** What is wrong with who stands in for whom: nobody of the list, the person, days that end before they begin, or on which both are away. */
export function checkDeputies({ people }: Written, lineOf: LineOf): Problem[] {
  return Object.entries(people).flatMap(([id, { deputies }]) =>
    deputies.flatMap((deputy, i): Problem[] => {
      const path = ['people', id, 'deputies', i];
      const found = problemOf({ people, id, deputy, earlier: deputies.slice(0, i) });
      if (!found) return [];
      const [setting, predicate, remedy] = found;
      const at: Path = setting ? [...path, setting] : path;
      return [{ line: lineOf(at), message: says(['people', id, 'deputies'], predicate), remedy }];
    }),
  );
}

interface Looked {
  readonly people: Written['people'];
  readonly id: string;
  readonly deputy: Away;
  readonly earlier: readonly Away[];
}

function problemOf({ people, id, deputy, earlier }: Looked): [string | null, string, string] | null {
  const { person, from, to } = deputy;
  const other = people[person];
  const remedy = remedyOf(['deputies']);
  if (!other)
    return [
      'person',
      `names “${person}”, who is not in the list of people.`,
      suggest(person, Object.keys(people)),
    ];
  if (person === id) return ['person', 'names the person themselves.', 'Name somebody else of the people.'];
  if (to < from) return ['to', `has days that end (${to}) before they begin (${from}).`, remedy];
  if (earlier.some((one) => overlap(one, deputy)))
    return [null, `names two people for the same days (from ${from}).`, 'Name one person for each day.'];
  const away = other.deputies.find((one) => overlap(one, deputy));
  if (away)
    return [
      'person',
      `names “${person}”, who is away on some of these days (from ${away.from} to ${away.to}).`,
      'Name somebody who is there on all of these days, or two people, one after the other.',
    ];
  return null;
}

const overlap = (a: Away, b: Away): boolean => a.from <= b.to && b.from <= a.to;
