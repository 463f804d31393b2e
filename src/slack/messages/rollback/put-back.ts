import type { RichTextSection } from '@slack/types';
import { blockIds, bold, bullets, code, context, type Drawn, line, type Piece, rich } from '../blocks.ts';
import type { UndoneFacts } from '../decision/facts.ts';
import { valueWords } from '../decision/words.ts';
import { count, escaped, inSentence, listed, named } from '../text.ts';
import { richTime } from '../times.ts';

export interface PutBackFacts {
  readonly flowId: string;
  readonly flowName: string;
  readonly noun: { readonly one: string; readonly many: string };
  readonly drawing: number;
  readonly agreement: number;
  readonly zone: string;
  readonly command: string;
  readonly lines: readonly PutBackLine[];
}

/** One detail of one record. */
export interface PutBackLine {
  readonly title: string;
  readonly label: string;
  readonly hidden: boolean;
  /** What it is again; null = empty. */
  readonly shown: string | null;
  readonly ownerLabel: string;
  readonly undone: readonly UndoneFacts[];
  readonly times: number;
  readonly at: Date;
  readonly reference: string;
}

const shownLines = 8;

/** What was changed where it is not to be changed, and put back: one message for all of an hour. Asks nothing. Pure. */
export function drawPutBack(facts: PutBackFacts): Drawn {
  const { lines } = facts;
  const id = blockIds(`put-back-${facts.flowId}`, lines.length, facts.drawing);
  const rest = lines.length - shownLines;
  const [first] = lines;
  const more = rest > 0 ? [line(`And ${count(rest, 'more detail', 'more details')}, put back as well`)] : [];
  const owners = [...new Set(lines.map(({ ownerLabel }) => ownerLabel))];
  const where = owners.length === 1 ? `in ${owners[0]}` : 'in the system that decides it';
  const example = first ? ` More: \`${escaped(facts.command)} lookup ${first.reference}\`` : '';
  return {
    text: escaped(`Put back: ${headWords(facts)}.`),
    blocks: [
      rich(
        id('sum'),
        line(bold(`Put back: ${headWords(facts)}`)),
        bullets(...lines.slice(0, shownLines).map((one) => lineFor(one, facts)), ...more),
      ),
      context(
        id('foot'),
        `Nobody has to do anything. To change it for good, change it ${escaped(where)}.${example}\n` +
          `${escaped(facts.flowName)} · agreement ${facts.agreement}`,
      ),
    ],
  };
}

/** "payment terms of Example Timber Pty Ltd", or "3 details of 2 customers". */
function headWords({ lines, noun }: PutBackFacts): string {
  const [first] = lines;
  if (first && lines.length === 1) return `${inSentence(first.label)} of ${named(first.title)}`;
  const records = new Set(lines.map(({ title }) => title)).size;
  return `${count(lines.length, 'detail', 'details')} of ${count(records, noun.one, noun.many)}`;
}

function lineFor(one: PutBackLine, { lines, zone }: PutBackFacts): RichTextSection {
  const whose = lines.length === 1 ? '' : ` of ${named(one.title, 60)}`;
  const times = one.times > 1 ? `${one.times} times, last ` : '';
  const pieces: Piece[] = [
    bold(`${one.label}${whose}`),
    `: ${valueWords(one, one.shown)} again (${one.ownerLabel} decides), ${times}`,
    richTime(zone, one.at),
  ];
  const undone = listed(one.undone.map((was) => undoneWords(was, one)));
  return line(...pieces, undone ? `. ${undone}` : '', ' · ', code(one.reference));
}

/** "HubSpot had 30 days, by Mia Farrow-Hall". */
function undoneWords({ system, shown, by }: UndoneFacts, { hidden }: PutBackLine): string {
  const had = hidden ? 'something else' : shown === null ? 'nothing' : valueWords({ hidden }, shown);
  return `${system} had ${had}${by ? `, by ${named(by, 60)}` : ''}`;
}
