import { suggest } from './nearest.ts';
import type { LineOf, Path, Problem } from './problem.ts';
import type { Written } from './schema.ts';
import { says } from './where.ts';

/** What is wrong with the people: two with one Slack ID or one name in the systems, and owners or deciders that are not in the list. */
export function checkPeople(written: Written, lineOf: LineOf): Problem[] {
  return [
    ...sharedSlackIds(written, lineOf),
    ...sharedNames(written, lineOf),
    ...unknownPeople(written, lineOf),
  ];
}

function sharedSlackIds({ people }: Written, lineOf: LineOf): Problem[] {
  const known = new Map<string, string>();
  return Object.entries(people).flatMap(([id, { slack }]) => {
    const first = known.get(slack);
    known.set(slack, first ?? id);
    if (first === undefined) return [];
    const path = ['people', id, 'slack'];
    const message = says(path, `is the same as that of “${first}”.`);
    return [
      {
        line: lineOf(path),
        message,
        remedy: 'Give each person their own Slack member ID, or list them once.',
      },
    ];
  });
}

/** Whoever made a change does not approve it: a name that two people have would keep both from it. */
function sharedNames({ people }: Written, lineOf: LineOf): Problem[] {
  const known = Object.entries(people);
  return known.flatMap(([id, { known_as }]) =>
    known_as.flatMap((name, i): Problem[] => {
      const other = known.find(
        ([otherId, { name: own, known_as: others }]) =>
          otherId !== id && [own, ...others].some((one) => one.toLowerCase() === name.toLowerCase()),
      );
      if (!other) return [];
      const path = ['people', id, 'known_as'];
      const message = says(path, `has “${name}”, and so has “${other[0]}”.`);
      return [
        { line: lineOf([...path, i]), message, remedy: 'Write each name under the one person whose it is.' },
      ];
    }),
  );
}

function unknownPeople({ people, flows }: Written, lineOf: LineOf): Problem[] {
  const known = Object.keys(people);
  const named = Object.entries(flows).flatMap(([id, { owners, deciders }]): [Path, string][] => [
    [['flows', id, 'owners', 'business'], owners.business],
    [['flows', id, 'owners', 'technical'], owners.technical],
    ...deciders.map((person, i): [Path, string] => [['flows', id, 'deciders', i], person]),
  ]);
  return named
    .filter(([, person]) => !known.includes(person))
    .map(([path, person]) => ({
      line: lineOf(path),
      message: says(
        path.filter((step) => typeof step === 'string'),
        `names “${person}”, who is not in the list of people.`,
      ),
      remedy: known.length > 0 ? suggest(person, known) : 'Add the person under “people”.',
    }));
}
