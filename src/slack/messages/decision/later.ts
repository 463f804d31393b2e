import type { Button } from '@slack/types';
import { actions, button, context, type Drawn, section } from '../blocks.ts';
import { answer } from '../refusals.ts';
import { defused, escaped, inSentence, listed, named, sentence } from '../text.ts';
import { moment, momentIn } from '../times.ts';

/** Answers to "Later…" and "Ask who changed it": ephemeral, for the one who pressed alone. Pure. */

export interface LaterFacts {
  readonly changeId: string;
  readonly title: string;
  /** When this person can be reminded instead. */
  readonly times: readonly { readonly kind: 'afternoon' | 'tomorrow' | 'day'; readonly at: Date }[];
  /** The first limit of what is open; null where there is none. */
  readonly deadline: Date | null;
  /** Where this person works. */
  readonly zone: string;
}

/** When to be reminded. */
export function drawLaterAsk(facts: LaterFacts): Drawn {
  const what = `When shall I remind you of ${named(facts.title)}?`;
  return {
    text: escaped(what),
    blocks: [
      section('what', `${defused(what)} Only your own reminders wait until then; nobody else sees it.`),
      actions('do', [
        ...facts.times.map((time): Button => {
          const { changeId, title, zone } = facts;
          const label = laterLabel(time, zone);
          return button({
            action: `decision_later_until:${time.at.getTime()}`,
            label,
            value: changeId,
            says: `Remind me of ${named(title, 25)}: ${label}`,
          });
        }),
        button({
          action: 'decision_later_never',
          label: 'As usual',
          value: facts.changeId,
          says: `Remind me of ${named(facts.title, 25)} as usual`,
        }),
      ]),
      ...(facts.deadline ? [context('foot', limitWords(facts.deadline, facts.zone))] : []),
    ],
  };
}

const limitWords = (deadline: Date, zone: string): string =>
  `The time to choose ends ${moment(zone, deadline)}, whatever you press here.`;

function laterLabel({ kind, at }: LaterFacts['times'][number], zone: string): string {
  const [date = '', clock = ''] = momentIn(zone, at).split(', ');
  const hour = clock.split(' ').slice(0, 2).join(' ');
  return `${{ afternoon: 'This afternoon', tomorrow: 'Tomorrow', day: date }[kind]}, ${hour}`;
}

/** Noted. */
export function drawLaterTaken({
  changeId,
  title,
  until,
  deadline,
  zone,
}: Pick<LaterFacts, 'changeId' | 'title' | 'deadline' | 'zone'> & { readonly until: Date }): Drawn {
  const isTooLate = deadline !== null && deadline <= until;
  const words =
    `Good: I remind you of ${defused(title, 80)} ${moment(zone, until)}, if it is open still. ` +
    'The buttons on its message work as before, for you and the others.';
  return {
    text: answer(words).text,
    blocks: [
      section('taken', words),
      ...(isTooLate ? [section('limit', limitWords(deadline, zone))] : []),
      actions('do', [
        button({
          action: 'decision_later_never',
          label: 'As usual',
          value: changeId,
          says: `Remind me of ${named(title, 25)} as usual`,
        }),
      ]),
    ],
  };
}

export const laterTakenBack = (title: string): Drawn =>
  answer(`Good: you are reminded of ${defused(title, 80)} as usual.`);

export const laterIsPast = (): Drawn =>
  answer('That time has passed. You are reminded as usual; please press Later… again.');

/** One changed value, and what is known of who changed it. */
export interface EditorFacts {
  /** "Billing address" */
  readonly label: string;
  readonly system: string;
  /** The name that the system tells; null where it tells none. */
  readonly changedBy: string | null;
  readonly asked:
    | { readonly kind: 'now' | 'before'; readonly name: string }
    /** The one who pressed changed it. */
    | { readonly kind: 'self' }
    /** The system tells nobody, or nobody of the agreement goes by that name. */
    | { readonly kind: 'nobody' };
}

/** Who was asked, and where that could not be: for the one who pressed "Ask who changed it". */
export function drawAsked(facts: readonly EditorFacts[]): Drawn {
  if (facts.length === 0)
    return answer('No system has changed it since it was agreed: there is nobody to ask.');
  return answer([...Map.groupBy(facts, askedKey).values()].map(askedWords).join('\n'));
}

const askedKey = ({ system, changedBy, asked }: EditorFacts): string =>
  JSON.stringify([asked, asked.kind === 'nobody' ? system : '', asked.kind === 'nobody' ? changedBy : '']);

function askedWords(same: readonly EditorFacts[]): string {
  const [first] = same;
  if (!first) return '';
  const { asked, changedBy } = first;
  const system = escaped(first.system);
  const what = `the ${escaped(listed([...new Set(same.map(({ label }) => inSentence(label)))]))}`;
  switch (asked.kind) {
    case 'now':
      return `I asked ${defused(asked.name, 60)} about ${what}, in the thread of the message.`;
    case 'before':
      return `${defused(asked.name, 60)} was asked about ${what} already: see the thread of the message.`;
    case 'self':
      return `${sentence(what)} was changed by you, in ${escaped(listed([...new Set(same.map((one) => one.system))]))}.`;
    case 'nobody':
      return changedBy === null
        ? `${system} does not tell who changed ${what}.`
        : `${system} says that “${defused(changedBy, 60)}” changed ${what}. Nobody in the agreement goes by that name: ` +
            'add it to `known_as` of whoever it is, and I can ask them.';
  }
}

/** The question itself, in the thread: whom it calls is in front of it. */
export const editorQuestion = (
  by: string,
  places: readonly { readonly label: string; readonly systems: readonly string[] }[],
): string => {
  const what = places.map(
    ({ label, systems }) => `the ${escaped(inSentence(label))} in ${escaped(listed([...systems]))}`,
  );
  return `${defused(by, 60)} asks: you changed ${listed(what)}. Which value is right, and why? Please answer here; somebody chooses above.`;
};
