import { blockIds, context, type Drawn, header, section } from '../blocks.ts';
import type { QueueFacts } from '../decision/queue.ts';
import { count, escaped } from '../text.ts';
import { moment } from '../times.ts';

export type LikenessQueueFacts = QueueFacts & {
  readonly noun: { readonly one: string; readonly many: string };
};

/** One line instead of a flood: how many questions of a flow, whether two are one, wait behind the ones shown. Pure. */
export function drawLikenessQueue(facts: LikenessQueueFacts): Drawn {
  const id = blockIds(`alike-${facts.flowId}`, facts.waiting, facts.drawing);
  const flow = escaped(facts.flowName);
  if (facts.waiting === 0) {
    const words = `${flow}: no more ${facts.noun.many} that look alike wait in line.`;
    return { text: words, blocks: [context(id('sum'), words)] };
  }
  const pairs = count(
    facts.waiting + facts.shown,
    `pair of ${facts.noun.many} looks`,
    `pairs of ${facts.noun.many} look`,
  );
  const oldest = facts.oldest ? ` The oldest question is from ${moment(facts.zone, facts.oldest)}.` : '';
  return {
    text: `${flow}: ${pairs} alike. ${facts.shown} are shown, ${facts.waiting} wait in line.`,
    blocks: [
      header(id('head'), `${facts.flowName}: ${pairs} alike`),
      section(
        id('sum'),
        `${facts.shown} are shown in this channel, the most alike first; *${facts.waiting} more wait in line*.${oldest}\n` +
          'Each time one is answered, the next one is posted. Nothing is linked before, and all other records keep syncing.',
      ),
    ],
  };
}
