import type { Button, KnownBlock, RichTextSection } from '@slack/types';
import {
  actions,
  type BlockIds,
  blockIds,
  bold,
  bullets,
  button,
  code,
  context,
  type Drawn,
  header,
  line,
  link,
  type Piece,
  person,
  rich,
  section,
} from '../blocks.ts';
import { escaped, inSentence, listed, named, sentence } from '../text.ts';
import { richMoment } from '../times.ts';
import type { EvidenceFacts, LikenessFacts, SideFacts } from './facts.ts';

const longestValue = 80;

/** The message that asks whether two records are one, in whichever state it is. Pure. */
export function drawLikeness(facts: LikenessFacts): Drawn {
  return facts.state === 'open' ? drawOpen(facts) : drawFolded(facts);
}

function drawOpen(facts: LikenessFacts): Drawn {
  const id = idsOf(facts);
  const { sides, evidence } = facts;
  const [left, right] = sides;
  const speaks = evidence.filter(({ says }) => says === 'same' || says === 'alike' || says === 'merged');
  const against = evidence.filter(({ says }) => says === 'different');
  const missing = evidence.filter(({ says, left: a, right: b }) => says === 'missing' && (a ?? b) !== null);
  return {
    text: escaped(`Same ${facts.noun.one}? ${titles(facts, 60)}. A person has to say.`),
    blocks: [
      header(id('head'), `Same ${facts.noun.one}? ${titles(facts, 60)}`),
      rich(
        id('sides'),
        bullets(...sides.map((side) => line(bold(named(side.title)), ' in ', ...systemPieces(side)))),
      ),
      ...reasons(id('for'), 'What speaks for it', speaks.map(alikeLine)),
      ...reasons(
        id('against'),
        'What speaks against it',
        against.map((one) => line(`${one.label}: `, ...asidePieces(facts, one))),
      ),
      ...reasons(
        id('missing'),
        'What only one has',
        missing.map((one) => line(`${one.label}: `, ...onlyPieces(facts, one))),
      ),
      actions(id('do'), answerButtons(facts, left, right)),
      section(id('ask'), askWords(facts)),
      context(id('foot'), footWords(facts)),
    ],
  };
}

const idsOf = (facts: LikenessFacts): BlockIds => blockIds(`same-${facts.id}`, facts.revision, facts.drawing);

/** Both names, or the one that they have in common. */
function titles({ sides: [left, right] }: LikenessFacts, max: number): string {
  const [a, b] = [named(left.title, max), named(right.title, max)];
  return a === b ? a : `${a} and ${b}`;
}

const systemPieces = ({ systems }: SideFacts): Piece[] =>
  systems.flatMap(({ label, url }, i): Piece[] => {
    const glue = i === 0 ? '' : i === systems.length - 1 ? ' and ' : ', ';
    return [glue, link(label, url)];
  });

function reasons(blockId: string, head: string, lines: readonly RichTextSection[]): KnownBlock[] {
  return lines.length === 0 ? [] : [rich(blockId, line(bold(head)), bullets(...lines))];
}

/** "Same email (hidden)", "Nearly the same ABN: …". */
function alikeLine({ label, says, hidden, left, right }: EvidenceFacts): RichTextSection {
  const what = inSentence(label);
  if (says === 'merged') return line(`${named(left ?? '')} has merged one into the other`);
  if (hidden) return line(says === 'same' ? `Same ${what} (hidden)` : `Nearly the same ${what} (hidden)`);
  const [a, b] = [value(left), value(right)];
  if (says === 'same') return line(`Same ${what}: `, bold(a), ...(a === b ? [] : [' and ', bold(b)]));
  return line(`Nearly the same ${what}: `, bold(a), ' and ', bold(b));
}

function asidePieces({ sides: [left, right] }: LikenessFacts, one: EvidenceFacts): Piece[] {
  if (one.hidden) return ['each has another (hidden)'];
  return [
    bold(value(one.left)),
    ` in ${firstSystem(left)}, `,
    bold(value(one.right)),
    ` in ${firstSystem(right)}`,
  ];
}

function onlyPieces({ sides: [left, right] }: LikenessFacts, one: EvidenceFacts): Piece[] {
  const [has, lacks, held] = one.left === null ? [right, left, one.right] : [left, right, one.left];
  const shown: Piece[] = one.hidden ? ['one (hidden)'] : [bold(value(held))];
  return [...shown, ` in ${firstSystem(has)}, none in ${firstSystem(lacks)}`];
}

const value = (text: string | null): string => (text === null ? '(empty)' : named(text, longestValue));
const firstSystem = ({ systems }: SideFacts): string => systems[0]?.label ?? 'one system';

function answerButtons(facts: LikenessFacts, left: SideFacts, right: SideFacts): Button[] {
  const pressed = (choice: string) => `${facts.id}/${choice}/r${facts.revision}`;
  const both = `${named(left.title, 24)} in ${firstSystem(left)}, ${named(right.title, 24)} in ${firstSystem(right)}`;
  const buttons = [
    button({ action: 'likeness_same', label: 'Same', value: pressed('same'), says: `Same: ${both}` }),
    button({
      action: 'likeness_different',
      label: 'Different',
      value: pressed('different'),
      says: `Different: ${both}`,
    }),
  ];
  const hides = facts.evidence.some(({ hidden, left: a, right: b }) => hidden && (a ?? b) !== null);
  if (!hides) return buttons;
  const says = 'Show me the values that the channel does not see';
  return [...buttons, button({ action: 'likeness_show', label: 'Show', value: pressed('show'), says })];
}

function askWords({ deciders, noun, keepsFrom }: LikenessFacts): string {
  const who = deciders.length > 0 ? `${escaped(listed(deciders, 'or'))} can answer` : 'An owner can answer';
  const waits =
    keepsFrom.length > 0 ? ` Until then it is not made in ${escaped(listed(keepsFrom, 'or'))}.` : '';
  return (
    `${who}. *Same*: Truce keeps them in step as one ${noun.one}, and asks about what differs. ` +
    `*Different*: they stay two, and Truce does not ask again. Either can be undone.${waits}`
  );
}

function footWords({ flowName, agreement, references }: LikenessFacts): string {
  const refs = references.map((reference) => ` · reference \`${reference}\``).join('');
  return `${escaped(flowName)} · agreement ${agreement}${refs}`;
}

type Folded = Exclude<LikenessFacts['state'], 'open'>;

function drawFolded(facts: LikenessFacts): Drawn {
  const id = idsOf(facts);
  const words = headWords(facts, facts.state as Folded);
  const emoji = emojis[facts.state as Folded];
  const mark: Piece[] = emoji ? [{ type: 'emoji', name: emoji }, ' '] : [];
  const blocks: KnownBlock[] = [
    rich(id('sum'), line(...mark, bold(words)), bullets(...facts.sides.map(sideLine), ...endLines(facts))),
  ];
  if (facts.state === 'same' || facts.state === 'different' || facts.state === 'linking')
    blocks.push(actions(id('after'), [undoButton(facts)]));
  blocks.push(context(id('foot'), footWords(facts)));
  return { text: escaped(`${words}.`), blocks };
}

const emojis: Record<Folded, string | null> = {
  linking: 'hourglass_flowing_sand',
  same: 'white_check_mark',
  different: 'white_check_mark',
  parting: 'hourglass_flowing_sand',
  undone: null,
  withdrawn: null,
};

function headWords(facts: LikenessFacts, state: Folded): string {
  const { noun } = facts;
  const both = titles(facts, 50);
  switch (state) {
    case 'linking':
      return `Linking as one ${noun.one}: ${both}`;
    case 'same':
      return `One ${noun.one}: ${both}`;
    case 'different':
      return `Two ${noun.many}: ${both}`;
    case 'parting':
      return `Taking apart again: ${both}`;
    case 'undone':
      return `Undone: ${both}`;
    case 'withdrawn':
      return `No answer needed any more: ${both}`;
  }
}

const sideLine = (side: SideFacts): RichTextSection => line(named(side.title), ' in ', ...systemPieces(side));

function endLines(facts: LikenessFacts): RichTextSection[] {
  const { answer, undone, note, zone } = facts;
  const lines: RichTextSection[] = [];
  if (answer && facts.state !== 'withdrawn') {
    const what = answer.what === 'same' ? 'Same' : 'Different';
    lines.push(line(bold(what), ', says ', person(answer.by), ', ', richMoment(zone, answer.at)));
  }
  if (undone) lines.push(line('Undone by ', person(undone.by), ', ', richMoment(zone, undone.at)));
  if (note) lines.push(line(`${sentence(named(note, 200))}.`));
  return [...lines, ...afterLines(facts)];
}

/** What follows from it. */
function afterLines({ state, noun, answer, writtenMeanwhile }: LikenessFacts): RichTextSection[] {
  switch (state) {
    case 'linking':
      return [line('The next run links them. Nothing is lost meanwhile.')];
    case 'same':
      return [line('What differs between them is asked, or goes by the agreement.')];
    case 'different':
      return [line('Truce does not ask again, and keeps them apart.')];
    case 'parting':
      return [line('The next run takes them apart.')];
    case 'undone':
      return answer?.what === 'same'
        ? [line(`They are two ${noun.many} again.`), ...writtenLines(writtenMeanwhile)]
        : [line('Truce asks again if they still look alike.')];
    default:
      return [];
  }
}

function writtenLines(references: readonly string[]): RichTextSection[] {
  if (references.length === 0) return [line('Nothing was written while they were one.')];
  const all = references.flatMap((reference, i): Piece[] => [i === 0 ? '' : ', ', code(reference)]);
  return [line('What was written while they were one stays. Look these up to put it back: ', ...all)];
}

const undoButton = (facts: LikenessFacts): Button =>
  button({
    action: 'likeness_undo',
    label: 'Undo',
    value: `${facts.id}/undo/r${facts.revision}`,
    says: `Undo the answer about ${titles(facts, 20)}`,
  });
