import type { Button, KnownBlock, ModalView, RichTextSection } from '@slack/types';
import { bold, bullets, button, code, type Drawn, line, plain, rich, section } from '../blocks.ts';
import type { DecisionFacts } from '../decision/facts.ts';
import { answer } from '../refusals.ts';
import { count, defused, escaped, inSentence, listed, named } from '../text.ts';

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
  /** Names of those who have to agree before it counts: one where the same person is both. */
  readonly owners: readonly string[];
  /** Slack channel name without `#`, in which they are asked. */
  readonly channel: string;
  /** The version of the agreement that waits to be approved, and whether it is this very rule; null where none does. */
  readonly waits: { readonly version: number; readonly isThis: boolean } | null;
  /** `<change id>/<field>/<channel id>`: ids only. */
  readonly metadata: string;
}

export type DifferentCase = { readonly title: string } & (
  | { readonly kind: 'chosen'; readonly shown: string | null; readonly instead: string | null }
  /** A change elsewhere that went everywhere, and would have been put back. */
  | { readonly kind: 'put_back'; readonly systems: readonly string[] }
);

/** There is no custom any more. */
export const customIsOver = 'People have chosen otherwise since, or the rule is another by now.';

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

/** What the rule would have done, and the offer to propose it. For one who may decide, values whole. Pure. */
export function drawMakeRule(facts: MakeRuleFacts): ModalView {
  const { label, times, system, against, metadata, waits } = facts;
  return {
    type: 'modal',
    callback_id: 'make_rule',
    private_metadata: metadata,
    title: plain(`Always use ${system}?`, 24),
    ...(waits ? {} : { submit: plain('Propose it', 24) }),
    close: plain(waits ? 'Close' : 'Not now', 24),
    blocks: [
      section(
        'why',
        `${count(times, 'time', 'times')} in a row people chose ${escaped(system)}’s ${escaped(inSentence(label))} over that of ${escaped(listed([...against]))}. ` +
          `As a rule, ${escaped(system)} decides: its value goes everywhere at once, nobody is asked, and a change elsewhere is put back.`,
      ),
      ...triedBlocks(facts),
      section('how', howWords(facts)),
      section('file', `To write it into \`truce.yml\` yourself, under ${escaped(facts.place)}:`),
      rich('line', line(code(facts.line))),
    ],
  };
}

/** How it becomes the rule; or what has to be decided first. */
function howWords({ waits, owners, channel }: MakeRuleFacts): string {
  if (waits?.isThis)
    return `*It is proposed already*, as version ${waits.version} of the agreement, and waits to be approved in #${defused(channel, 80)}.`;
  if (waits)
    return `*Version ${waits.version} of the agreement waits to be approved first.* Propose this once that is decided.`;
  const who = listed(owners.map((one) => defused(one, 60)));
  const all = owners.length > 1 ? 'both approved it' : 'they approved it';
  return `*Propose it*, and Truce counts what it would change, and asks ${who} in #${defused(channel, 80)}. It counts once ${all}; until then people go on choosing.`;
}

export const ruleProposed = ({ owners, channel }: MakeRuleFacts, version: number): Drawn =>
  answer(
    `Proposed, as version ${version} of the agreement. ${listed(owners.map((one) => defused(one, 60)))} ${owners.length > 1 ? 'are' : 'is'} asked in #${defused(channel, 80)}.`,
  );

/** Somebody was faster. */
export const ruleWaits = (
  facts: MakeRuleFacts,
  { kind, version }: { readonly kind: 'already' | 'another'; readonly version: number },
): Drawn => answer(howWords({ ...facts, waits: { version, isThis: kind === 'already' } }));

/** Of as many cases none would have ended otherwise. */
export function allSame(cases: number): string {
  if (cases === 0) return 'there was no such case';
  if (cases === 1) return 'the one case would have ended the same';
  return `all ${cases.toLocaleString('en-AU')} cases would have ended the same`;
}

/** The past with the rule. */
function triedBlocks({ days, same, different, system }: MakeRuleFacts): KnownBlock[] {
  if (different.length === 0) {
    return [section('tried', `*The last ${days} days: ${allSame(same)}.*`)];
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
