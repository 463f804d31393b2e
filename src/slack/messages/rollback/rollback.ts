import type { Button, KnownBlock } from '@slack/types';
import {
  actions,
  blockIds,
  bold,
  bullets,
  button,
  context,
  type Drawn,
  line,
  type Piece,
  rich,
  section,
} from '../blocks.ts';
import { answer } from '../refusals.ts';
import { count, defused, ended, escaped, sentence } from '../text.ts';
import { richMoment } from '../times.ts';
import type { UndoFacts } from './facts.ts';
import { asideWords, backLine, leftLine, untilWords, valuesOf, whatPieces, whatWords } from './words.ts';

/** What would be put back, and what not and why; asks. Ephemeral. Pure. */
export function drawUndoPreview(facts: UndoFacts): Drawn {
  const { goesBack, records, asBefore } = facts.counts;
  if (facts.state === 'dropped')
    return answer(
      `${sentence(defused(ended(facts.note ?? 'it was looked at again'), 300))} Nothing was changed.`,
    );
  const owners = [...new Set(facts.back.map((item) => item.owner))];
  const title =
    goesBack > 0 ? `Undo ${valuesOf(goesBack, records, facts.noun)}?` : 'There is nothing to undo.';
  const already = asBefore > 0 ? ` ${count(asBefore, 'value is', 'values are')} as before already.` : '';
  const blocks: KnownBlock[] = [
    rich('what', line(bold(title), '\n', ...sentencePieces(whatPieces(facts)), `.${already}`)),
    ...backBlocks('back', facts, goesBack),
    ...leftBlocks(facts, facts.counts.changedSince + facts.counts.cannot),
  ];
  if (goesBack > 0) {
    blocks.push(
      section('after', escaped(afterWords(facts, owners))),
      actions('do', [
        button({
          action: 'rollback_confirm',
          label: goesBack === 1 ? 'Undo this value' : `Undo these ${goesBack.toLocaleString('en-AU')} values`,
          value: facts.reference,
          says: `Undo ${valuesOf(goesBack, records, facts.noun)}`,
          style: 'danger',
        }),
        button({
          action: 'rollback_cancel',
          label: 'Cancel',
          value: facts.reference,
          says: 'Cancel: nothing is changed',
        }),
      ]),
    );
  }
  blocks.push(
    context('foot', `reference \`${facts.reference}\`${goesBack > 0 ? ' · good for 15 minutes' : ''}`),
  );
  return { text: escaped(title), blocks };
}

function afterWords({ scope, counts }: UndoFacts, owners: readonly string[]): string {
  const then =
    scope === 'rollback'
      ? 'Where all systems have one value again, the sync goes on with it.'
      : `Afterwards Truce writes nothing to ${counts.goesBack === 1 ? 'this detail' : 'these details'} ${untilWords(owners, counts.goesBack)}.`;
  return `${then} Each is read again first: what changes meanwhile stays as it is.`;
}

function sentencePieces(pieces: readonly Piece[]): Piece[] {
  const [first, ...rest] = pieces;
  return typeof first === 'string' ? [sentence(first), ...rest] : [...pieces];
}

function backBlocks(id: string, { back }: UndoFacts, all: number): KnownBlock[] {
  if (back.length === 0) return [];
  const more = all - back.length;
  return [
    rich(
      id,
      bullets(...back.map(backLine), ...(more > 0 ? [line(`and ${more.toLocaleString('en-AU')} more`)] : [])),
    ),
  ];
}

function leftBlocks({ left, noun }: UndoFacts, all: number): KnownBlock[] {
  if (left.length === 0) return [];
  const more = all - left.length;
  const head = `${count(all, 'value stays as it is', 'values stay as they are')}:`;
  const lines = left.map((item) => leftLine(item, noun));
  return [
    rich(
      'left',
      line(head),
      bullets(...lines, ...(more > 0 ? [line(`and ${more.toLocaleString('en-AU')} more`)] : [])),
    ),
  ];
}

/** How many of what was approved were not put back. */
const notBack = ({ counts }: UndoFacts): number => counts.moved + counts.refused;

function titleWords(facts: UndoFacts): string {
  const { counts, noun, flowName, state } = facts;
  if (state === 'under_way') return `${flowName}: undoing ${valuesOf(counts.goesBack, counts.records, noun)}`;
  if (counts.putBack === 0) return `${flowName}: nothing was undone`;
  return `${flowName}: ${count(counts.putBack, 'value', 'values')} undone`;
}

/** The message in the channel: who undid what, what was left, and what is put aside until when. Edited in place. Pure. */
export function drawUndo(facts: UndoFacts): Drawn {
  const ids = blockIds(`undo.${facts.reference}`, 0, facts.drawing);
  const title = titleWords(facts);
  const at = facts.finishedAt ?? facts.approvedAt;
  const blocks: KnownBlock[] = [
    rich(
      ids('what'),
      line(
        bold(title),
        `\n${facts.by} ${facts.state === 'done' ? 'undid' : 'undoes'} ${whatWords(facts)}`,
        ...(at ? [', ', richMoment(facts.zone, at)] : []),
        '.',
      ),
    ),
    ...(facts.state === 'done' ? doneBlocks(facts, ids) : [section(ids('far'), farWords(facts))]),
  ];
  const buttons = undoButtons(facts);
  if (buttons.length > 0) blocks.push(actions(ids('do'), buttons));
  blocks.push(context(ids('foot'), `reference \`${facts.reference}\``));
  return { text: escaped(title), blocks };
}

const farWords = ({ counts }: UndoFacts): string =>
  `${counts.putBack.toLocaleString('en-AU')} of ${counts.goesBack.toLocaleString('en-AU')} so far. Whatever a system does not take now is tried again by the next run.`;

function doneBlocks(facts: UndoFacts, ids: (part: string) => string): KnownBlock[] {
  const { left, noun } = facts;
  const not = notBack(facts);
  const after = left.filter((item) => item.outcome !== null);
  const more = not - after.length;
  return [
    ...(not > 0
      ? [
          rich(
            ids('left'),
            line(
              `${count(not, 'value was', 'values were')} left as they are:`.replace(
                'was left as they are',
                'was left as it is',
              ),
            ),
            bullets(
              ...after.map((item) => leftLine(item, noun)),
              ...(more > 0 ? [line(`and ${more.toLocaleString('en-AU')} more`)] : []),
            ),
          ),
        ]
      : []),
    section(
      ids('aside'),
      facts.aside.fields > 0 ? escaped(asideWords(facts)) : 'Nothing is put aside by it any more.',
    ),
  ];
}

function undoButtons(facts: UndoFacts): Button[] {
  const show = button({
    action: 'change_log',
    label: 'Show all of it',
    value: facts.reference,
    says: 'Show what was undone, value by value',
  });
  if (facts.aside.fields === 0 || facts.state !== 'done') return [show];
  return [
    button({
      action: 'rollback_release',
      label: 'Let the sync go on',
      value: facts.reference,
      says: `Let the sync go on with ${count(facts.aside.fields, 'detail', 'details')} that are put aside`,
    }),
    show,
  ];
}

/** `/sync lookup` on its reference: all that the message says, with the values. Ephemeral. Pure. */
export function drawUndoLookup(facts: UndoFacts): Drawn {
  const { counts, command, reference, state } = facts;
  const title = state === 'done' || state === 'under_way' ? titleWords(facts) : waitingWords(facts);
  const head: Piece[] = [
    '\n',
    ...sentencePieces(whatPieces(facts)),
    `. ${facts.by} asked for it `,
    richMoment(facts.zone, facts.askedAt),
  ];
  const approved: Piece[] = facts.approvedAt
    ? [' and approved it ', richMoment(facts.zone, facts.approvedAt)]
    : [];
  const ended: Piece[] =
    facts.finishedAt && state === 'done' ? ['; done ', richMoment(facts.zone, facts.finishedAt)] : [];
  const all = state === 'done' ? counts.putBack : counts.goesBack;
  const blocks: KnownBlock[] = [
    rich('head', line(bold(title), ...head, ...approved, ...ended, '.')),
    ...backBlocks('back', facts, all),
    ...leftBlocks(facts, counts.changedSince + counts.cannot + notBack(facts)),
    ...(facts.aside.fields > 0 ? [section('aside', escaped(asideWords(facts)))] : []),
    actions('do', lookupButtons(facts)),
    context('next', nextWords(state, counts.putBack, escaped(command), reference)),
  ];
  return { text: escaped(title), blocks };
}

function waitingWords({ state, note, flowName }: UndoFacts): string {
  if (state === 'dropped') return `${flowName}: nothing was undone, ${note ?? 'it was not wanted'}`;
  return `${flowName}: nothing is undone yet`;
}

function lookupButtons(facts: UndoFacts): Button[] {
  const release = undoButtons(facts).filter((one) => one.action_id === 'rollback_release');
  return [
    ...release,
    button({
      action: 'change_log',
      label: 'Refresh',
      value: facts.reference,
      says: 'Look this reference up again',
    }),
  ];
}

function nextWords(state: UndoFacts['state'], putBack: number, command: string, reference: string): string {
  if (state === 'done' && putBack > 0)
    return `To take this back: \`${command} rollback ${reference}\` · reference \`${reference}\``;
  return `Reference \`${reference}\``;
}

/** What became of it, for the one who pressed. */
export function drawUndoReport(facts: UndoFacts): Drawn {
  const { counts, aside } = facts;
  const title = titleWords(facts);
  const not = notBack(facts);
  const words = [
    facts.state === 'done' ? '' : farWords(facts),
    not > 0
      ? `${count(not, 'value was', 'values were')} left alone: the message in the channel says why.`
      : '',
    aside.fields > 0 ? asideWords(facts) : '',
  ].filter((one) => one !== '');
  const buttons = undoButtons(facts).filter((one) => one.action_id === 'rollback_release');
  return {
    text: escaped(title),
    blocks: [
      rich('report', line(bold(title), words.length > 0 ? `\n${words.join(' ')}` : '')),
      ...(buttons.length > 0 ? [actions('do', buttons)] : []),
      context(
        'foot',
        counts.putBack > 0 && facts.state === 'done'
          ? `To take this back: \`${escaped(facts.command)} rollback ${facts.reference}\``
          : `reference \`${facts.reference}\``,
      ),
    ],
  };
}
