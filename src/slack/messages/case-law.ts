import type { Button, KnownBlock, ModalView, RichTextSection } from '@slack/types';
import { bold, bullets, button, code, line, plain, rich, section } from './blocks.ts';
import type { DecisionFacts } from './decision-facts.ts';
import { count, defused, escaped, inSentence, listed, named } from './text.ts';

/** What people always choose, and what it would be as a rule. */
export interface MakeRuleFacts {
  /** "Billing address" */
  readonly label: string;
  readonly times: number;
  readonly system: string;
  readonly against: readonly string[];
  /** How far back it was tried. */
  readonly days: number;
  readonly same: number;
  readonly different: readonly DifferentCase[];
  /** Where in `truce.yml` the line belongs, and the line. */
  readonly place: string;
  readonly line: string;
  /** Names of those who have to agree before it counts. */
  readonly approvers: readonly string[];
  readonly technicalOwner: string;
}

export type DifferentCase = { readonly title: string } & (
  | { readonly kind: 'chosen'; readonly shown: string | null; readonly instead: string | null }
  /** A change elsewhere that went everywhere, and would have been put back. */
  | { readonly kind: 'put_back'; readonly systems: readonly string[] }
);

const shownCases = 10;

/** "Always use Xero…": offered on a settled message after the same choice many times. */
export const ruleButton = (
  { changeId, revision }: Pick<DecisionFacts, 'changeId' | 'revision'>,
  { field, system }: NonNullable<DecisionFacts['custom']>,
): Button =>
  button({
    action: 'decision_rule',
    label: `Always use ${system}…`,
    value: `${changeId}/${field}/rule/r${revision}`,
    says: `See what always using ${system} would have done, and how to make it the rule`,
  });

/** What the rule would have done, and the line that makes it one. For one who may decide, values whole. Pure. */
export function drawMakeRule(facts: MakeRuleFacts): ModalView {
  const { label, times, system, against, place, approvers, technicalOwner } = facts;
  return {
    type: 'modal',
    callback_id: 'make_rule',
    title: plain(`Always use ${system}?`, 24),
    close: plain('Close', 24),
    blocks: [
      section(
        'why',
        `${count(times, 'time', 'times')} in a row people chose ${escaped(system)}’s ${escaped(inSentence(label))} over that of ${escaped(listed([...against]))}. ` +
          `As a rule, ${escaped(system)} decides: its value goes everywhere at once, nobody is asked, and a change elsewhere is put back.`,
      ),
      ...triedBlocks(facts),
      section(
        'how',
        `Rules stand in the agreement, \`truce.yml\`. To make this one, ${defused(technicalOwner, 60)} puts this line there, under ${escaped(place)}, in place of the one of this detail:`,
      ),
      rich('line', line(code(facts.line))),
      section(
        'then',
        `When Truce starts with it, it counts what would change first. Nothing of it counts before ${listed(approvers.map((one) => defused(one, 60)))} approved that in the channel.`,
      ),
    ],
  };
}

/** The past with the rule. */
function triedBlocks({ days, same, different, system }: MakeRuleFacts): KnownBlock[] {
  if (different.length === 0) {
    const all = `all ${count(same, 'case', 'cases')} would have ended the same`;
    return [section('tried', `*The last ${days} days: ${all}.*`)];
  }
  const counts = `${same.toLocaleString('en-AU')} the same, ${different.length.toLocaleString('en-AU')} different`;
  const more = different.length - shownCases;
  const lines = different.slice(0, shownCases).map((one) => caseLine(one, system));
  const rest = more > 0 ? [line(`and ${more.toLocaleString('en-AU')} more`)] : [];
  return [
    section('tried', `*The last ${days} days: ${counts}:*`),
    rich('different', bullets(...lines, ...rest)),
  ];
}

const value = (shown: string | null): string => (shown === null ? '(empty)' : named(shown, 200));

function caseLine(one: DifferentCase, system: string): RichTextSection {
  const title = bold(named(one.title, 60));
  if (one.kind === 'put_back')
    return line(
      title,
      `: the change in ${listed([...one.systems]) || 'another system'} would have been put back`,
    );
  return line(title, `: ${value(one.shown)} was chosen; ${system} had ${value(one.instead)}`);
}
