import type { KnownBlock } from '@slack/types';
import {
  actions,
  bold,
  button,
  code,
  context,
  type Drawn,
  line,
  link,
  numbered,
  type Piece,
  rich,
  section,
} from '../blocks.ts';
import { answer } from '../refusals.ts';
import { escaped, listed, named } from '../text.ts';
import { richMoment } from '../times.ts';
import { erasedWords } from './forget.ts';
import type { RecordChange, RecordFacts, RecordLine } from './record-facts.ts';

/** `/sync lookup` of a name, an ABN, an e-mail address or a system's own id: where the record is, and what happened to it lately. Pure. */
export function drawRecord(facts: RecordFacts): Drawn {
  const title = named(facts.title);
  const blocks: KnownBlock[] = [rich('head', line(bold(title), ` (${facts.noun})\n${placeWords(facts)}`))];
  if (facts.erased) blocks.push(section('erased', erasedWords(facts.erased, facts.zone)));
  if (facts.places.length > 0) blocks.push(rich('places', line('Open it in: ', ...placeLinks(facts))));
  const lately =
    facts.changes.length > 0
      ? [
          line(bold('What happened lately')),
          numbered(facts.changes.map((one) => changeLine(one, facts.zone))),
        ]
      : [line('Nothing has had to be changed: the systems agreed whenever they were read.')];
  blocks.push(rich('changes', ...lately));
  const buttons = facts.changes.map(({ reference }, i) =>
    button({
      action: `change_log:${i}`,
      label: `Open ${i + 1}`,
      value: reference,
      says: `Open ${reference}`,
    }),
  );
  if (buttons.length > 0) blocks.push(actions('open', buttons));
  blocks.push(context('next', nextWords(facts)));
  return { text: escaped(`${title}: ${placeWords(facts)}`), blocks };
}

function placeWords({ in: inside, archivedIn, missingIn }: RecordFacts): string {
  const parts = [
    inside.length > 0 ? `in ${listed(inside)}` : '',
    archivedIn.length > 0 ? `archived in ${listed(archivedIn)}` : '',
    missingIn.length > 0 ? `not in ${listed(missingIn)}` : '',
  ].filter(Boolean);
  const words = parts.join(', ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

const placeLinks = ({ places }: RecordFacts): Piece[] =>
  places.flatMap(({ label, url }, i) => [i > 0 ? ', ' : '', link(label, url)]);

const changeLine = ({ reference, state, waitsFor, at }: RecordChange, zone: string) =>
  line(code(reference), ' ', richMoment(zone, at), `: ${waitsFor ? `waits: ${waitsFor}` : state}`);

function nextWords({ command, changes }: RecordFacts): string {
  const typed = escaped(command);
  const [open] = changes.filter((one) => one.open);
  if (open) return `Next: \`${typed} lookup ${open.reference}\``;
  const [newest] = changes;
  return newest
    ? `Next, for where a value came from: \`${typed} why ${newest.reference} email\``
    : `Next: \`${typed} status\``;
}

/** Several may be meant: each with a button. `more` = not all of them are here. Pure. */
export function drawRecords({
  words,
  found,
  zone,
}: {
  readonly words: string;
  readonly found: readonly RecordLine[];
  readonly zone: string;
}): Drawn {
  const shown = found.slice(0, 5);
  const head = `${found.length > 5 ? 'More than 5' : found.length} records match “${named(words, 60)}”`;
  return {
    text: escaped(head),
    blocks: [
      rich('head', line(bold(head)), numbered(shown.map((one) => recordLine(one, zone)))),
      actions(
        'open',
        shown.map(({ id, title }, i) =>
          button({
            action: `lookup_record:${i}`,
            label: `Open ${i + 1}`,
            value: id,
            says: `Open ${named(title, 60)}`,
          }),
        ),
      ),
      ...(found.length > 5
        ? [context('more', 'The first 5 by name are here. Type more of the name to see the others.')]
        : []),
    ],
  };
}

const recordLine = ({ title, noun, state, at }: RecordLine, zone: string) =>
  line(
    bold(named(title, 80)),
    `, ${noun}`,
    ...(state && at ? [`, ${state}, `, richMoment(zone, at)] : [', in step since it was first read']),
  );

/** Nothing was typed, or nothing that one may see fits. */
export const drawNoRecord = ({ words, command }: { words: string; command: string }): Drawn => {
  const typed = escaped(command);
  return words.trim() === ''
    ? answer(
        'Tell me what to look for: a reference, a name, an ABN, a SKU, an invoice number, an e-mail address, a system’s own id, or the number of an alert.\n' +
          `For example \`${typed} lookup tr-7F3K92QDXB\` or \`${typed} lookup harbour cafe\``,
      )
    : answer(
        `Nothing that you may see is called “${escaped(named(words, 60))}”, or has it as its ABN, SKU, number, e-mail address, id or reference.\n` +
          `A reference is \`tr-\` and ten letters or digits. Next: \`${typed} status\``,
      );
};
