import type { KnownBlock, ModalView } from '@slack/types';
import { actions, bullets, button, type Drawn, line, plain, rich, section } from '../blocks.ts';
import { answer } from '../refusals.ts';
import { count, defused, escaped, listed, named, spoken } from '../text.ts';
import { moment } from '../times.ts';

/** A record that may be erased: where it was. Names of systems. */
export interface ForgetFacts {
  readonly recordId: string;
  readonly title: string;
  /** The other name under which it was asked for: that record was made one with this one. */
  readonly askedAs?: string;
  readonly noun: string;
  readonly gone: readonly string[];
  readonly archived: readonly string[];
}

const whereWords = ({ gone, archived }: ForgetFacts): string => {
  const parts = [
    gone.length > 0 ? `gone from ${listed(gone)}` : '',
    archived.length > 0 ? `archived in ${listed(archived)}` : '',
  ].filter(Boolean);
  return parts.length > 0 ? `It is ${listed(parts)}.` : 'It is in no system any more.';
};

/** Why something of another name than what was typed is told of. Plain text, for as long as that is. */
const oneWith = ({ title, askedAs, noun }: Pick<ForgetFacts, 'title' | 'askedAs' | 'noun'>): string =>
  askedAs === undefined ? '' : `“${named(askedAs, 80)}” is the same ${noun} as “${named(title, 80)}”.`;

const saidOneWith = (facts: Parameters<typeof oneWith>[0]): string =>
  facts.askedAs === undefined ? '' : defused(oneWith(facts), 300);

const sentences = (...some: readonly string[]): string => some.filter(Boolean).join(' ');

/** The first of two steps: nothing is erased yet. Ephemeral. Pure. */
export function drawForgetAsk(facts: ForgetFacts): Drawn {
  const title = `Erase ${defused(facts.title, 80)}?`;
  const words = sentences(
    saidOneWith(facts),
    escaped(whereWords(facts)),
    'What Truce keeps of it can be erased for good. Nothing was changed yet.',
  );
  return {
    text: spoken(title),
    blocks: [
      section('what', `*${title}*\n${words}`),
      actions('do', [
        button({
          action: 'forget_ask',
          label: 'See what is erased…',
          value: facts.recordId,
          says: `See what is erased of ${named(facts.title, 50)}; asks once more`,
          style: 'danger',
        }),
      ]),
    ],
  };
}

/** The second step: what goes, what stays, and the question. `metadata` = ids only. Pure. */
export function drawForgetForm(facts: ForgetFacts, metadata: string): ModalView {
  const { archived, noun } = facts;
  const goes = [
    `All its values, names and numbers in Truce, and their whole past. Nobody can read them any more, and nobody can bring them back: Truce destroys the key that they are kept under.`,
    'Questions about it that are open: nobody has to decide them any more. Undo no longer works for it.',
    'Its values in messages: Truce draws its messages again without them.',
  ];
  const stays = [
    'That there was a record, its ids in the systems, what was done with it and when, and who decided.',
    'What people wrote, and what was said in threads and direct messages: delete that in Slack.',
    'Records that refer to it, such as invoices, with what they say themselves; the law wants those kept for years.',
    'Backups of the database made before now, until you throw them away.',
  ];
  const there =
    archived.length > 0
      ? [
          `In ${listed(archived)} it is archived. Truce leaves that as it is and takes nothing in from there, so blank it there too. Put back in use, it comes as a new ${noun}.`,
        ]
      : [];
  const list = (id: string, head: string, lines: readonly string[]): KnownBlock[] => [
    { type: 'section', block_id: `${id}.head`, text: plain(head, 200) },
    rich(id, bullets(...lines.map((one) => line(one)))),
  ];
  return {
    type: 'modal',
    callback_id: 'forget',
    private_metadata: metadata,
    title: plain('Erase a record', 24),
    submit: plain('Erase for good', 24),
    close: plain('Cancel', 24),
    blocks: [
      {
        type: 'section',
        block_id: 'what',
        text: plain(
          `${named(facts.title, 100)} (${noun}). ${sentences(oneWith(facts), whereWords(facts))}`,
          500,
        ),
      },
      ...list('goes', 'What is erased:', goes),
      ...list('stays', 'What stays:', [...there, ...stays]),
    ],
  };
}

/** Erased here, it would be read again there. */
export const stillInUse = (
  facts: Pick<ForgetFacts, 'title' | 'askedAs' | 'noun'>,
  systems: readonly string[],
): Drawn =>
  answer(
    sentences(
      saidOneWith(facts),
      `*${defused(facts.title, 80)}* is still in ${escaped(listed(systems))}. Have it deleted there first, or blanked and archived, or Truce would read it again.`,
      'Once a nightly look has found it gone, type this again. Nothing was erased.',
    ),
  );

export const stillUnderWay = (title: string): Drawn =>
  answer(
    `Something of *${defused(title, 80)}* is on its way to a system just now. Nothing was erased. Please try again in a few minutes.`,
  );

export interface Erased {
  /** By name. */
  readonly by: string;
  readonly at: Date;
}

/** What is said where values were asked for. mrkdwn. */
export const erasedWords = ({ by, at }: Erased, zone: string): string =>
  `This record was erased by ${defused(by, 60)}, ${moment(zone, at)}. Nobody can read its values any more.`;

export const erasedBefore = (erased: Erased, zone: string): Drawn =>
  answer(`${erasedWords(erased, zone)} Its ids, what was done with it and who decided are still there.`);

export const erasedNow = (title: string, reference: string, command: string): Drawn =>
  answer(
    `*${defused(title, 80)}* is erased. Nobody can read its values in Truce any more; its messages here are drawn again without them within a few minutes.\nNext: \`${escaped(command)} lookup ${reference}\``,
  );

/** What was typed fits nothing that one may see, or more than one. */
export function whichToForget(words: string, titles: readonly string[], command: string): Drawn {
  const example = `For example \`${escaped(command)} forget "Harbour Cafe"\`.`;
  if (words === '')
    return answer(
      `Tell me which record: its name, its ABN, its e-mail address, or its id in a system. ${example}`,
    );
  if (titles.length === 0)
    return answer(
      `I find no record “${defused(words, 80)}” that you can see. A name, an ABN, an e-mail address or a system’s own id will do. Nothing was erased. ${example}`,
    );
  const shown = titles.map((title) => `“${defused(title, 60)}”`).join(', ');
  return answer(
    `${count(titles.length, 'record fits', 'records fit')}: ${shown}. Erasing is for good, so please type one’s ABN or its id in a system. Nothing was erased.`,
  );
}
