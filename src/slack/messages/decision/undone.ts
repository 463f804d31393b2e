import type { Button, RichTextSection } from '@slack/types';
import { bold, button, line } from '../blocks.ts';
import type { UndoItem } from '../rollback/facts.ts';
import { untilWords, whyPieces } from '../rollback/words.ts';
import { count, inSentence, listed, named } from '../text.ts';
import { richMoment } from '../times.ts';
import type { DecisionFacts, UndoneDecision } from './facts.ts';

interface Undone {
  readonly text: string;
  readonly head: string;
  readonly lines: readonly RichTextSection[];
  readonly buttons: readonly Button[];
}

const shownOfEach = 6;

/** A decision that somebody undid: who, what is back where, what was left alone, and what ends that it is put aside. Pure. */
export function drawnUndone(facts: DecisionFacts, undone: UndoneDecision, title: string): Undone {
  const { by, at, isUnderWay, back, left } = undone;
  const head = `${isUnderWay ? 'Undoing' : 'Undone'}: ${title}`;
  return {
    text: isUnderWay ? `${head}. This message shows how it ends.` : `${head}. ${restWords(undone)}`,
    head,
    lines: [
      line(`By ${named(by, 60)}, `, richMoment(facts.zone, at), '.'),
      ...some(backLines(back)),
      ...some(left.map(leftLine)),
      ...(isUnderWay ? [] : [line(restWords(undone))]),
    ],
    buttons: undone.aside > 0 && !isUnderWay ? [releaseButton(undone, title)] : [],
  };
}

function some(lines: readonly RichTextSection[]): RichTextSection[] {
  const more = lines.length - shownOfEach;
  const rest = more > 0 ? [line(`and ${more.toLocaleString('en-AU')} more`)] : [];
  return [...lines.slice(0, shownOfEach), ...rest];
}

/** One line for each value of a detail, with all systems that have it back. */
function backLines(back: readonly UndoItem[]): RichTextSection[] {
  const key = ({ field, hidden, before }: UndoItem) => JSON.stringify([field, hidden ? '' : before]);
  return [...Map.groupBy(back, key).values()].map((list) => {
    const [{ field, hidden, before }] = list as [UndoItem];
    const where = listed(list.map(({ system }) => system));
    if (hidden) return line(bold(field), `: as it was before (hidden), in ${where}`);
    return line(bold(field), `: ${before === null ? 'empty' : named(before, 120)} again, in ${where}`);
  });
}

const leftLine = (item: UndoItem): RichTextSection =>
  line(bold('Left alone'), `: ${inSentence(item.field)} in ${item.system}, `, ...whyPieces(item));

function restWords({ aside, owners }: UndoneDecision): string {
  if (aside === 0) return 'The sync goes on with what the systems have now.';
  const what = count(aside, 'detail is put aside', 'details are put aside');
  return `${what}: Truce writes nothing to ${aside === 1 ? 'it' : 'them'} ${untilWords(owners, aside)}.`;
}

const releaseButton = ({ reference, aside }: UndoneDecision, title: string): Button =>
  button({
    action: 'rollback_release',
    label: 'Let the sync go on',
    value: reference,
    says: `Let the sync go on with ${count(aside, 'detail', 'details')} of ${named(title, 25)}`,
  });

/** "Undo…": shows first what goes back. */
export const undoButton = ({ changeId, title }: Pick<DecisionFacts, 'changeId' | 'title'>): Button =>
  button({
    action: 'rollback_ask',
    label: 'Undo…',
    value: changeId,
    says: `Undo the decision about ${named(title, 25)}: see first what goes back`,
  });

/** "Put back…": as "Undo…", of what is not saved everywhere. */
export const putBackButton = ({ changeId, title }: Pick<DecisionFacts, 'changeId' | 'title'>): Button =>
  button({
    action: 'rollback_ask',
    label: 'Put back…',
    value: changeId,
    says: `Put back what was saved of ${named(title, 25)}: see first what goes back`,
  });

/** Why there is no "Undo…", where two people chose. */
export function undoNote({ undoable, fields }: DecisionFacts): RichTextSection[] {
  if (undoable !== 'two_people') return [];
  const owner = listed([...new Set(fields.map(({ ownerLabel }) => ownerLabel))], 'or');
  return [line(`One person alone cannot undo this: change it in ${owner}, and two people are asked again.`)];
}
