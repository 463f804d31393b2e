import type { LineOf, Problem } from './problem.ts';
import { remedyOf } from './remedies.ts';
import type { Written } from './schema.ts';
import { says } from './where.ts';

/** What is wrong with the ladders: somebody who is asked and cannot be, and steps that do not follow each other. */
export function checkEscalation({ flows, people }: Written, lineOf: LineOf): Problem[] {
  return Object.entries(flows).flatMap(([id, { alert }]) =>
    alert.escalate.flatMap(({ after_minutes, ask }, i): Problem[] => {
      const path = ['flows', id, 'alert', 'escalate', i];
      const setting = ['flows', id, 'alert', 'escalate'];
      const strangers = ask.filter((who) => !isAsked(who, people));
      const before = alert.escalate[i - 1]?.after_minutes ?? 0;
      return [
        ...strangers.map((who) => ({
          line: lineOf([...path, 'ask']),
          message: says(setting, `asks “${who}”, whom the agreement does not know.`),
          remedy: remedyOf(['ask']),
        })),
        ...(after_minutes > before
          ? []
          : [
              {
                line: lineOf([...path, 'after_minutes']),
                message: says(setting, 'has a step that is not later than the one before.'),
                remedy: 'Put the steps in order, each after more minutes than the one before.',
              },
            ]),
      ];
    }),
  );
}

const isAsked = (who: string, people: Written['people']): boolean =>
  who === 'business' || who === 'technical' || Object.hasOwn(people, who) || /^S[A-Z0-9]{5,20}$/.test(who);
