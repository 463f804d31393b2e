import type { RichTextSection } from '@slack/types';
import { code, line, type Piece } from '../blocks.ts';
import { count, inSentence, listed, named } from '../text.ts';
import type { UndoFacts, UndoItem } from './facts.ts';

/** "12 values of 8 customers", "1 value of 1 customer". */
export const valuesOf = (n: number, records: number, noun: UndoFacts['noun']): string =>
  `${count(n, 'value', 'values')} of ${count(records, noun.one, noun.many)}`;

/** What is undone: "what the run `tr-…` wrote". */
export function whatPieces({ scope, target, system }: UndoFacts): Piece[] {
  switch (scope) {
    case 'run':
      return ['what the run ', code(target), ' wrote'];
    case 'change':
      return ['what the change ', code(target), ' wrote'];
    case 'write':
      return ['what the change ', code(target), ` wrote to ${system ?? 'one system'}`];
    case 'rollback':
      return ['the undoing ', code(target), ': its values are written again'];
  }
}

/** The same for everybody in the channel, who look it up by its own reference. */
export function whatWords({ scope, system, about }: UndoFacts): string {
  const of = about ? ` of ${named(about, 80)}` : '';
  switch (scope) {
    case 'run':
      return 'what a run wrote';
    case 'change':
      return `what a change${of} wrote`;
    case 'write':
      return `what a change${of} wrote to ${system ?? 'one system'}`;
    case 'rollback':
      return `an earlier undoing${of}`;
  }
}

const shown = (value: string | null): string => (value === null ? '(empty)' : named(value, 80));

const where = ({ title, field, system }: UndoItem): string =>
  `${named(title, 60)}, ${inSentence(field)} in ${system}`;

/** One value that goes back, or went: from what to what. */
export const backLine = (item: UndoItem): RichTextSection =>
  line(
    item.hidden
      ? `${where(item)} (hidden)`
      : `${where(item)}: ${shown(item.written)} → ${shown(item.before)}`,
  );

/** One value that stays as it is, and why. */
export function leftLine(item: UndoItem, noun: UndoFacts['noun']): RichTextSection {
  if (item.why === 'made')
    return line(
      `${named(item.title, 60)} in ${item.system}: Truce made this ${noun.one} there and does not unmake it. Please archive it by hand.`,
    );
  return line(`${where(item)}: `, ...whyPieces(item));
}

/** Why one value stays as it is. */
export function whyPieces(item: UndoItem): Piece[] {
  if (item.outcome === 'refused')
    return [item.refusal ? `${item.system} refused it: “${named(item.refusal, 150)}”` : 'refused there'];
  if (item.why) return [whyWords(item)];
  const now = item.hidden || item.found === null ? '' : ` to ${shown(item.found)}`;
  if (item.changedBy?.startsWith('tr-'))
    return [`changed later by Truce${now}: undo `, code(item.changedBy), ' first'];
  const who = item.changedBy ? ` by ${named(item.changedBy, 40)}` : '';
  return [`changed since${who}${now}`];
}

function whyWords({ why, system, owner }: UndoItem): string {
  switch (why) {
    case 'made':
      return 'Truce made it there';
    case 'gone':
      return 'it is not there any more';
    case 'merged':
      return 'it was merged with another one there';
    case 'archived':
      return 'it is archived there';
    case 'other_record':
      return 'it belongs to something else there by now';
    case 'unreadable':
      return 'it cannot be read there now';
    case 'locked':
      return `${system} lets nobody change it any more`;
    case 'read_only':
      return `Truce can only read ${system}`;
    case 'left':
      return 'the agreement does not keep it in step there any more';
    case 'asking':
      return 'a decision about it is open, please choose there';
    case 'newer':
      return 'a newer value is on its way';
    case 'two_people':
      return `two people have to choose it: change it in ${owner}, and both are asked`;
    default:
      return 'it stays as it is';
  }
}

/** What ends that they are put aside. */
export function untilWords(owners: readonly string[], n: number): string {
  const whose = n === 1 ? 'its' : 'their';
  const owner = owners.length > 0 ? `${whose} value changes in ${listed([...owners], 'or')}, or ` : '';
  return `until ${owner}somebody lets the sync go on`;
}

export const asideWords = ({ aside, noun }: UndoFacts): string =>
  `${count(aside.fields, 'detail', 'details')} of ${count(aside.records, noun.one, noun.many)} ${
    aside.fields === 1 ? 'is' : 'are'
  } put aside: Truce writes nothing to ${aside.fields === 1 ? 'it' : 'them'} ${untilWords(aside.owners, aside.fields)}.`;
