import { count, cut, escaped, listed, named } from '../text.ts';

/** What waits until something is decided, or has come: of one kind of record each. */
export interface HeldUpFacts {
  readonly groups: readonly HeldUpGroup[];
  /** What all of it comes to: "$14,230"; of several currencies "$14,230 and USD 500". Null where nothing says. */
  readonly amount: string | null;
}

export interface HeldUpGroup {
  readonly noun: { readonly one: string; readonly many: string };
  readonly n: number;
  readonly amount: string | null;
  /** Its name, where it is one alone. */
  readonly title: string | null;
}

/** What a sync's open decisions hold up, and what waits for its other waits. */
export interface FlowHeldUp {
  readonly decisions: HeldUpFacts;
  readonly waits: HeldUpFacts;
}

export const nothingWaits: HeldUpFacts = { groups: [], amount: null };

/** How many records it is about. */
const heldUpCount = ({ groups }: HeldUpFacts): number => groups.reduce((sum, { n }) => sum + n, 0);

/** Whether anything waits at all. */
export const isHoldingUp = (facts: HeldUpFacts | undefined): facts is HeldUpFacts =>
  facts !== undefined && heldUpCount(facts) > 0;

/** "invoice INV-2041 ($14,230) and 2 orders wait": not escaped. The first letter is small. */
export function heldUpSentence(facts: HeldUpFacts): string {
  const parts = facts.groups.map(({ noun, n, amount, title }) => {
    const what = title === null ? count(n, noun.one, noun.many) : `${noun.one} ${cut(named(title), 60)}`;
    return amount === null ? what : `${what} (${amount})`;
  });
  return `${listed(parts)} ${heldUpCount(facts) === 1 ? 'waits' : 'wait'}`;
}

/** "holds up $14,230", "hold up 2 orders": what goes on after "1 decision" or "3 decisions"; null where nothing waits. For mrkdwn. */
export function holdUpWords(facts: HeldUpFacts | undefined, decisions: number): string | null {
  if (!isHoldingUp(facts)) return null;
  const what = facts.amount ?? listed(facts.groups.map(({ n, noun }) => count(n, noun.one, noun.many)));
  return `${decisions === 1 ? 'holds' : 'hold'} up ${escaped(what)}`;
}
