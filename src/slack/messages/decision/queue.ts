import { actions, blockIds, button, context, type Drawn, header, section } from '../blocks.ts';
import { count, escaped, listed } from '../text.ts';
import { moment } from '../times.ts';
import { type HeldUpFacts, holdUpWords } from './held-up.ts';

export interface QueueFacts {
  readonly flowId: string;
  readonly flowName: string;
  readonly drawing: number;
  /** Decisions whose messages are shown above, and those in line behind them. */
  readonly shown: number;
  readonly waiting: number;
  readonly oldest: Date | null;
  /** What waits for all of them. */
  readonly heldUp?: HeldUpFacts;
  /** What was over before its own message was posted: the names of who decided, null for what ran out of time. */
  readonly over?: readonly { readonly by: string | null; readonly n: number }[];
  readonly command?: string;
  readonly zone: string;
}

/** One line instead of a flood: how many decisions of a flow wait behind the ones shown. Pure. */
export function drawQueue(facts: QueueFacts): Drawn {
  const id = blockIds(`queue-${facts.flowId}`, facts.waiting, facts.drawing);
  const flow = escaped(facts.flowName);
  const over = overWords(facts);
  if (facts.waiting === 0) {
    const words = `${flow}: no more decisions wait in line.`;
    return { text: words, blocks: [context(id('sum'), over ? `${words}\n${over}` : words)] };
  }
  const total = count(facts.waiting + facts.shown, 'decision waits', 'decisions wait');
  const holds = holdUpWords(facts.heldUp, facts.waiting + facts.shown);
  const money = holds ? ` They ${holds}.` : '';
  const oldest = facts.oldest ? ` The oldest is from ${moment(facts.zone, facts.oldest)}.` : '';
  return {
    text: `${flow}: ${total}. ${facts.shown} are shown, ${facts.waiting} wait in line.${money}`,
    blocks: [
      header(id('head'), `${facts.flowName}: ${total}`),
      section(
        id('sum'),
        `${facts.shown} are shown in this channel, *${facts.waiting} more wait in line*.${money}${oldest}\n` +
          `Each time one is decided, the next one is posted. All other records keep syncing.${over ? `\n${over}` : ''}`,
      ),
      actions(id('do'), [
        button({
          action: 'decision_review',
          label: 'Review',
          value: facts.flowId,
          says: `Go through all ${total} of ${facts.flowName}`,
          style: 'primary',
        }),
      ]),
    ],
  };
}

/** mrkdwn: how many have no message of their own, and who decided them. */
function overWords({ over = [], command = '/sync' }: QueueFacts): string {
  const all = over.reduce((sum, { n }) => sum + n, 0);
  if (all === 0) return '';
  const who = over.map(({ by, n }) => `${n.toLocaleString('en-AU')} by ${by ?? 'nobody in time'}`);
  const head = `${count(all, 'was', 'were')} decided in line, without a message each`;
  return `*${head}*: ${escaped(listed(who))}. \`${escaped(command)} lookup\` shows each.`;
}
