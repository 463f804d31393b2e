import type { Button, RichTextElement } from '@slack/types';
import type { AbsenceChoice } from '../../ledger/tables/records.ts';
import {
  actions,
  blockIds,
  bold,
  button,
  context,
  type Drawn,
  header,
  line,
  link,
  type Piece,
  person,
  rich,
  section,
} from './blocks.ts';
import { count, escaped, listed, named } from './text.ts';
import { richMoment } from './times.ts';

/** Everything that the message about a record shows which is gone from a system. */
export interface GoneFacts {
  readonly number: number;
  readonly revision: number;
  readonly drawing: number;
  readonly title: string;
  readonly noun: { readonly one: string; readonly many: string };
  readonly flowName: string;
  /** Where it is gone. */
  readonly system: string;
  /** What the system merged it into; null = it is simply gone. */
  readonly mergedInto: string | null;
  /** Where it still is, with a link to it. */
  readonly elsewhere: readonly { readonly label: string; readonly url: string | null }[];
  /** `waits` = a safety stop keeps it back. */
  readonly state: 'asked' | 'waits' | 'archive' | 'keep' | 'make' | 'ignore' | 'back';
  readonly choices: readonly AbsenceChoice[];
  readonly confirmedAt: Date;
  /** Names of who may choose. */
  readonly deciders: readonly string[];
  /** Who chose, or the rule. */
  readonly by: string | null;
  readonly at: Date | null;
  /** True once what was chosen is done in every system. */
  readonly done: boolean;
  readonly reference: string | null;
  /** How many more are asked about, whose messages wait. */
  readonly more: number;
  /** True while others are asked about first: its message is not posted yet. */
  readonly inLine: boolean;
  readonly zone: string;
}

/** The message about a record that is gone from a system. Pure. */
export function drawGone(facts: GoneFacts): Drawn {
  return facts.state === 'asked' ? drawAsked(facts) : drawEnded(facts);
}

function drawAsked(facts: GoneFacts): Drawn {
  const id = blockIds(`gone-${facts.number}`, facts.revision, facts.drawing);
  const { system, noun, more } = facts;
  const waiting =
    more > 0
      ? ` ${count(more, `more ${noun.one} is`, `more ${noun.many} are`)} gone and asked about next.`
      : '';
  return {
    text: escaped(
      `${named(facts.title, 80)} is gone from ${system}. What should follow? Nothing was changed elsewhere.`,
    ),
    blocks: [
      header(id('head'), `Gone from ${system}: ${named(facts.title, 90)}`),
      rich(
        id('what'),
        line(
          bold(named(facts.title, 100)),
          ` ${goneWords(facts)} Truce asked for it by its own ID, `,
          richMoment(facts.zone, facts.confirmedAt),
          '. It is still in ',
          ...places(facts),
          ', and nothing was changed there.',
        ),
      ),
      section(
        id('ask'),
        `*What should follow?* ${escaped(listed(facts.deciders, 'or')) || 'An owner'} can choose. Truce never deletes anything; until somebody chooses, everything stays as it is.${waiting}`,
      ),
      actions(
        id('do'),
        facts.choices.map((choice) => choiceButton(facts, choice)),
      ),
      context(id('foot'), footWords(facts)),
    ],
  };
}

/** How it went, as far as the system tells. */
const goneWords = ({ system, mergedInto }: GoneFacts): string =>
  mergedInto === null
    ? `is not in ${system} any more.`
    : `is not in ${system} any more: it was merged there into “${named(mergedInto, 100)}”.`;

const choiceWords: Readonly<Record<AbsenceChoice, { label: string; says: (facts: GoneFacts) => string }>> = {
  archive: {
    label: 'Archive elsewhere',
    says: ({ elsewhere }) => `Archive it in ${listed(elsewhere.map(({ label }) => label))} too`,
  },
  keep: {
    label: 'Keep',
    says: ({ elsewhere }) => `Keep it in ${listed(elsewhere.map(({ label }) => label))}`,
  },
  make: { label: 'Make it again', says: ({ system }) => `Make it again in ${system}, from what is agreed` },
};

const choiceButton = (facts: GoneFacts, choice: AbsenceChoice): Button =>
  button({
    action: `gone_answer:${choice}`,
    label: choiceWords[choice].label,
    value: `${facts.number}/${choice}/r${facts.revision}`,
    says: choiceWords[choice].says(facts),
  });

function places({ elsewhere }: GoneFacts): Piece[] {
  return elsewhere.flatMap(({ label, url }, i): Piece[] => [
    i === 0 ? '' : i === elsewhere.length - 1 ? ' and ' : ', ',
    link(label, url),
  ]);
}

function drawEnded(facts: GoneFacts): Drawn {
  const id = blockIds(`gone-${facts.number}`, facts.revision, facts.drawing);
  const { head, rest } = endWords(facts);
  const when = facts.at ? [', ', richMoment(facts.zone, facts.at)] : [];
  const undo = facts.state === 'keep' ? [actions(id('do'), [askAgain(facts)])] : [];
  return {
    text: escaped(`${named(facts.title, 80)}: ${head.toLowerCase()}. It was gone from ${facts.system}.`),
    blocks: [
      rich(
        id('sum'),
        line(
          bold(`${head}: ${named(facts.title, 100)}.`),
          ` It was gone from ${facts.system}. `,
          ...rest,
          ...(facts.state === 'back' ? [] : when),
          '.',
        ),
      ),
      ...undo,
      context(id('foot'), footWords(facts)),
    ],
  };
}

const askAgain = (facts: GoneFacts): Button =>
  button({
    action: 'gone_answer:ask',
    label: 'Ask again',
    value: `${facts.number}/ask/r${facts.revision}`,
    says: 'Take that back, and ask again what should follow',
  });

function endWords(facts: GoneFacts): { head: string; rest: Piece[] } {
  const who = whoChose(facts);
  const others = listed(facts.elsewhere.map(({ label }) => label)) || 'the other systems';
  switch (facts.state) {
    case 'archive':
      return facts.done
        ? { head: 'Archived elsewhere', rest: [who, ` had it archived in ${others} too`] }
        : { head: 'Being archived elsewhere', rest: [who, ` has it archived in ${others} too`] };
    case 'keep':
      return { head: 'Kept', rest: [who, ` keeps it in ${others}`] };
    case 'make':
      return facts.done
        ? { head: 'Made again', rest: [who, ` had it made again in ${facts.system}`] }
        : { head: 'Being made again', rest: [who, ` has it made again in ${facts.system}`] };
    case 'ignore':
      return { head: 'Nothing to do', rest: ['The agreement asks for nothing to follow'] };
    case 'back':
      return {
        head: 'There again',
        rest: [`It is in ${facts.system} again, and nothing was changed for that`],
      };
    default:
      return { head: 'Waits', rest: ['A safety stop waits for an answer first'] };
  }
}

const whoChose = ({ by }: GoneFacts): string | RichTextElement =>
  by === null || by.startsWith('rule:') ? 'The agreement' : person(by);

const footWords = ({ flowName, system, reference }: GoneFacts): string =>
  `${escaped(flowName)} · ${escaped(system)}${reference ? ` · reference \`${reference}\`` : ''}`;
