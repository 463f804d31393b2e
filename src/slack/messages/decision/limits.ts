import { escaped, inSentence, listed, sentence } from '../text.ts';
import { moment } from '../times.ts';
import type { DecisionFacts, FieldFacts } from './facts.ts';
import { isApprovedOnce, secondWords } from './two-people.ts';

/** Of details with the same limit so many are named. */
const namedAtOnce = 3;

/** mrkdwn: who can choose, until when, and what happens if nobody does; line by line where that is not the same for all details. Pure. */
export function limitWords(facts: DecisionFacts, open: readonly FieldFacts[]): string {
  const choosers =
    facts.deciders.length > 0 ? `${escaped(listed(facts.deciders, 'or'))} can choose` : 'An owner can choose';
  const who = open.every(isApprovedOnce) ? secondWords(open) : choosers;
  const groups = [...Map.groupBy(open, kindOf).values()];
  const [only] = groups;
  if (groups.length > 1)
    return `${who}. Until somebody does:${groups.map((fields) => `\n• ${ownWords(facts, fields)}`).join('')}`;
  return only ? wordsForAll(facts, who, only) : `${who}.`;
}

/** What is the same for details that are told of together. */
function kindOf({ deadline, fallback, ownerLabel, isLate = false }: FieldFacts): string {
  if (!deadline) return 'none';
  return JSON.stringify([deadline, fallback, isLate, fallback === 'owner_wins' ? ownerLabel : '']);
}

function wordsForAll(facts: DecisionFacts, who: string, fields: readonly FieldFacts[]): string {
  const isOne = fields.length === 1;
  const [{ deadline, fallback, ownerLabel, isLate }] = fields as [FieldFacts];
  if (!deadline)
    return `${who}. Until then nothing is written for ${isOne ? 'this detail' : 'these details'}.`;
  const when = moment(facts.zone, deadline);
  const waits = `${isOne ? 'it keeps' : 'they keep'} waiting${told(facts, ', and ')}`;
  if (isLate) return `${who}. The time for it was over ${when}: ${waits}.`;
  const after = {
    owner_wins: `${escaped(ownerLabel)}’s value is used`,
    hold: waits,
    keep: 'nothing is written: the systems stay apart, and Truce asks again when one of them changes',
  }[fallback];
  return `${who}, by ${when}. After that ${after}.`;
}

/** One line of several: "Billing address: by 9 am; then Xero’s value is used". */
function ownWords(facts: DecisionFacts, fields: readonly FieldFacts[]): string {
  const [{ deadline, fallback, ownerLabel, isLate }] = fields as [FieldFacts];
  const labels = fields.slice(0, namedAtOnce).map(({ label }) => inSentence(label));
  const more = fields.length - labels.length;
  const what = escaped(sentence(listed(more > 0 ? [...labels, `${more} more`] : labels)));
  if (!deadline) return `${what}: no time limit`;
  const when = moment(facts.zone, deadline);
  const waits = fields.length === 1 ? 'it keeps waiting' : 'they keep waiting';
  if (isLate) return `${what}: over time since ${when}; ${told(facts, '', ', and ')}${waits}`;
  const after = {
    owner_wins: `${escaped(ownerLabel)}’s value is used`,
    hold: `${waits}${told(facts, ', and ')}`,
    keep: 'nothing is written, and the systems stay apart',
  }[fallback];
  return `${what}: by ${when}; then ${after}`;
}

const told = ({ helper }: DecisionFacts, before: string, after = ''): string =>
  helper ? `${before}${escaped(helper)} is told${after}` : '';
