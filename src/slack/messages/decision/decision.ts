import type { Button, KnownBlock } from '@slack/types';
import {
  actions,
  blockIds,
  bold,
  bullets,
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
} from '../blocks.ts';
import { count, escaped, listed, named, sentence } from '../text.ts';
import { richMoment, richTime } from '../times.ts';
import type { DecisionFacts, FieldFacts, ValueGroup } from './facts.ts';
import { drawFolded } from './folded.ts';
import { heldUpSentence, isHoldingUp } from './held-up.ts';
import { limitWords } from './limits.ts';
import { approvalButtons, approvalLines, isApprovedOnce } from './two-people.ts';
import { detailWords, footWords, longestValue, valueWords } from './words.ts';

const shownAtOnce = 4;
const shownButtons = 3;

/** The message of one change that asks a person, in whichever state it is. Pure. */
export function drawDecision(facts: DecisionFacts): Drawn {
  return facts.fields.some((field) => field.state === 'open') ? drawOpen(facts) : drawFolded(facts);
}

function drawOpen(facts: DecisionFacts): Drawn {
  const id = blockIds(facts.changeId, facts.revision, facts.drawing);
  const open = facts.fields.filter((field) => field.state === 'open');
  const shown = open.slice(0, shownAtOnce);
  const title = named(facts.title);
  const isHalfDone = open.every(isApprovedOnce);
  const waits = isHoldingUp(facts.heldUp) ? sentence(heldUpSentence(facts.heldUp)) : null;
  return {
    text: escaped(
      isHalfDone
        ? `Second approval needed: ${title}. ${sentence(detailWords(open))}.`
        : `Decision needed: ${title}. ${sentence(detailWords(open))} ${isOne(open) ? 'differs' : 'differ'}.`,
    ).concat(waits ? ` ${escaped(waits)}.` : ''),
    blocks: [
      header(id('head'), `${isHalfDone ? 'One more approval:' : 'Which is right?'} ${title}`),
      ...facts.fields
        .filter((field) => field.state !== 'open')
        .map((field, i) => rich(id(`done${i}`), line(...chosenPieces(facts, field)))),
      ...shown.flatMap((field, i) => askField(facts, field, id, open.length > 1 ? `${i + 1}. ` : '')),
      ...more(facts, open.length, id),
      ...(waits ? [rich(id('waits'), line(bold(waits), ' for this.'))] : []),
      section(id('ask'), limitWords(facts, open)),
      actions(id('later'), [...seeAllButton(facts, open), ...laterButtons(facts)]),
      context(id('foot'), `${waitsOnly(open.length, facts.noun)}\n${footWords(facts)}`),
    ],
  };
}

function more(facts: DecisionFacts, open: number, id: (part: string) => string): KnownBlock[] {
  const rest = open - shownAtOnce;
  if (rest <= 0) return [];
  const words = `And ${count(rest, 'more detail', 'more details')} of this ${facts.noun}: press See all.`;
  return [section(id('more'), words)];
}

/** "Billing address" differs, "Payment terms" differ. */
const isOne = (fields: readonly FieldFacts[]): boolean =>
  fields.length === 1 && !/(terms|lines|locations)$/i.test(fields[0]?.label ?? '');

/** One detail that a person decides: its values, and a button for each that differs. */
export function askField(
  facts: DecisionFacts,
  field: FieldFacts,
  id: (part: string) => string,
  nr: string,
): KnownBlock[] {
  const needsTwo = field.twoPeople && !isApprovedOnce(field) ? [' (a new value needs two people)'] : [];
  return [
    rich(
      id(`${field.name}`),
      line(bold(`${nr}${field.label}`), ...needsTwo),
      bullets(
        ...field.groups.map((group) => line(...groupPieces(facts, field, group))),
        ...approvalLines(field, facts.zone),
      ),
    ),
    actions(id(`${field.name}.pick`), choiceButtons(facts, field)),
  ];
}

function groupPieces({ zone }: DecisionFacts, field: FieldFacts, group: ValueGroup): Piece[] {
  const systems = group.systems.flatMap((system, i): Piece[] => {
    const glue = i === 0 ? '' : i === group.systems.length - 1 ? ' and ' : ', ';
    return [glue, link(system.label, system.url)];
  });
  const value = field.hidden && !group.asAgreed ? 'changed (hidden)' : valueWords(field, group.shown);
  if (group.asAgreed) return [...systems, `: ${value} (as agreed before)`];
  const first = group.systems[0];
  const who = group.changedBy ? `${named(group.changedBy, 60)}, ` : '';
  const noName =
    first && !group.changedBy && group.systems.length === 1 ? `; ${first.label} does not say who` : '';
  const when: Piece[] = group.changedAt ? [` (${who}`, richMoment(zone, group.changedAt), `${noName})`] : [];
  const odd = group.odd && !field.hidden ? [`. Please check: ${named(group.odd, 200)}`] : [];
  return [...systems, ': ', bold(value), ...when, ...odd];
}

/** One button for each distinct changed value; where only one changed, one for what was agreed before as well. */
function choiceButtons(facts: DecisionFacts, field: FieldFacts): Button[] {
  const changed = field.groups.filter((group) => !group.asAgreed);
  const agreed = field.groups.filter((group) => group.asAgreed);
  const first = field.twoPeople?.first ?? null;
  // With an approval that waits there is always a way back beside it.
  const offered = changed.length > 1 && !first ? changed : [...changed, ...agreed];
  const choices = offered.filter((group) => !first || field.groups.indexOf(group) !== first.group);
  const { approve, takeBack } = approvalButtons(facts, field);
  const buttons = [
    ...approve,
    ...choices.slice(0, shownButtons - approve.length).map((group) => choiceButton(facts, field, group)),
  ];
  buttons.push(
    button({
      action: 'decision_other',
      label: 'Other…',
      value: `${facts.changeId}/${field.name}/other/r${facts.revision}`,
      says: `${field.label}: keep what was agreed before, or type another value`,
    }),
  );
  buttons.push(...takeBack);
  if (field.hidden) {
    buttons.push(
      button({
        action: 'decision_show',
        label: 'Show',
        value: `${facts.changeId}/${field.name}/show/r${facts.revision}`,
        says: `${field.label}: show the hidden values to me`,
      }),
    );
  }
  return buttons;
}

function choiceButton(facts: DecisionFacts, field: FieldFacts, group: ValueGroup): Button {
  const first = group.systems[0];
  const systems = listed(group.systems.map((system) => system.label));
  const choice = group.asAgreed ? 'agreed' : (first?.id ?? 'agreed');
  const value = valueWords(field, group.shown);
  const short = !field.hidden && group.shown !== null && value.length <= 24;
  const bySystem = group.asAgreed ? 'Keep as agreed before' : `Use ${first?.label ?? 'this'}`;
  return button({
    action: `decision_pick:${choice}`,
    label:
      short && field.groups.length > 0
        ? value
        : group.shown === null && !field.hidden
          ? 'Leave it empty'
          : bySystem,
    value: `${facts.changeId}/${field.name}/${choice}/r${facts.revision}`,
    says: `${field.label}: use ${systems}, ${value}`,
  });
}

/** Where not all of it is on the message: a form has every detail, and each value whole. */
function seeAllButton({ changeId, revision, title }: DecisionFacts, open: readonly FieldFacts[]): Button[] {
  const isCut = open.some(
    (field) => !field.hidden && field.groups.some(({ shown }) => (shown?.length ?? 0) > longestValue),
  );
  if (open.length <= shownAtOnce && !isCut) return [];
  const value = `${changeId}/-/all/r${revision}`;
  const says = `See all ${count(open.length, 'detail', 'details')} of ${named(title, 40)}`;
  return [button({ action: 'decision_all', label: 'See all', value, says })];
}

/** What can be done beside choosing. */
const laterButtons = ({ changeId, revision, title }: DecisionFacts): Button[] => [
  button({
    action: 'decision_later',
    label: 'Later…',
    value: `${changeId}/-/later/r${revision}`,
    says: `Remind me of ${named(title, 40)} later`,
  }),
  button({
    action: 'decision_ask_editor',
    label: 'Ask who changed it',
    value: `${changeId}/-/ask/r${revision}`,
    says: `Ask the person who changed ${named(title, 40)}`,
  }),
];

/** What was chosen of a detail beside which others are open. */
export function chosenPieces({ zone, undone }: DecisionFacts, field: FieldFacts): Piece[] {
  if (undone?.fields.includes(field.name)) return [bold(field.label), `: undone by ${named(undone.by, 60)}`];
  if (!field.chosen) return [bold(field.label), ': no decision needed any more'];
  const { by, at, from } = field.chosen;
  const value = valueWords(field, field.chosen.shown);
  return [
    bold(`${field.label}: ${value}`),
    from ? ` (${from})` : '',
    ', chosen by ',
    ...(field.chosen.first ? [person(field.chosen.first), ' and '] : []),
    person(by),
    ', ',
    richTime(zone, at),
  ];
}

const waitsOnly = (open: number, noun: string) =>
  open === 1
    ? `Only this detail waits; the rest of this ${noun} keeps syncing.`
    : `Only these ${open} details wait; the rest of this ${noun} keeps syncing.`;
