import type { Button, RichTextSection } from '@slack/types';
import type { ApprovalEnd } from '../../../ledger/tables/changes.ts';
import { bold, button, line, person } from '../blocks.ts';
import { cut, escaped, inSentence, listed } from '../text.ts';
import { richTime } from '../times.ts';
import type { DecisionFacts, FieldFacts } from './facts.ts';
import { valueWords } from './words.ts';

/** What a decision's message says where a new value needs two people. Pure. */

/** Whether the first of two has chosen, and the second has not. */
export const isApprovedOnce = (field: FieldFacts): boolean => field.twoPeople?.first != null;

/** Who chose first, who can be second, and who cannot: the lines below the values. */
export function approvalLines(field: FieldFacts, zone: string): RichTextSection[] {
  if (!field.twoPeople) return [];
  const { first, can, editors, lapsed } = field.twoPeople;
  const who = listed(can, 'or');
  const lines: RichTextSection[] = [];
  if (first) {
    const source = first.from ? ` (${first.from})` : ' (typed)';
    const value = bold(valueWords(field, first.shown));
    lines.push(
      line('First approval: ', person(first.by), ' chose ', value, `${source}, `, richTime(zone, first.at)),
    );
    lines.push(line(can.length > 0 ? `Second: ${who}. Nothing is written until then` : deadEnd(field)));
  } else if (lapsed) {
    lines.push(
      line(
        'The first approval, by ',
        person(lapsed.by),
        `, counts no longer: ${lapsedWords[lapsed.because]}`,
      ),
    );
  }
  if (editors.length > 0) {
    const made = `${listed(editors)} made ${editors.length === 1 ? 'a change' : 'changes'} here`;
    lines.push(line(`${made}, so ${can.length > 0 ? 'others approve it' : 'cannot approve it'}`));
  }
  if (!first && can.length < 2) lines.push(line(deadEnd(field)));
  return lines;
}

function deadEnd({ agreedBefore }: FieldFacts): string {
  const keep = agreedBefore === null ? '' : 'One person can keep what was agreed before. ';
  return `Too few people may approve a new value. ${keep}Otherwise let more people decide in the agreement`;
}

const lapsedWords: Record<ApprovalEnd, string> = {
  moved: 'a value has changed since',
  taken_back: 'it was taken back',
  replaced: 'somebody chose otherwise',
  kept: 'what was agreed before is kept',
  over: 'the question has ended',
  not_allowed: 'they may not approve this any more',
};

/** What to press for the second approval, and to take the first one back. */
export function approvalButtons(
  facts: Pick<DecisionFacts, 'changeId' | 'revision'>,
  field: FieldFacts,
): { readonly approve: Button[]; readonly takeBack: Button[] } {
  const first = field.twoPeople?.first;
  if (!first) return { approve: [], takeBack: [] };
  const value = valueWords(field, first.shown);
  const isShort = !field.hidden && first.shown !== null && value.length <= 16;
  const of = (what: string) => `${facts.changeId}/${field.name}/${what}/r${facts.revision}`;
  // Whoever pressed it would be refused: only the agreement can say otherwise.
  const canAny = (field.twoPeople?.can.length ?? 0) > 0;
  const approve = () =>
    button({
      action: 'decision_approve',
      label: isShort ? `Approve ${value}` : 'Approve',
      value: of('approve'),
      says: cut(`${field.label}: approve ${value}`, 75),
      style: 'primary',
    });
  return {
    approve: canAny ? [approve()] : [],
    takeBack: [
      button({
        action: 'decision_take_back',
        label: 'Take back',
        value: of('take_back'),
        says: `${field.label}: take your first approval back`,
      }),
    ],
  };
}

/** mrkdwn: "Tom Walsh or Mei Tran can approve"; where several details wait, whoever can approve any of them. */
export function secondWords(open: readonly FieldFacts[]): string {
  const can = [...new Set(open.flatMap((field) => field.twoPeople?.can ?? []))];
  if (can.length > 0) return `${escaped(listed(can, 'or'))} can approve`;
  const the = listed(open.map((field) => inSentence(field.label)));
  return `Nobody else can approve the ${escaped(the)}`;
}
