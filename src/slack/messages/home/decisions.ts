import type { KnownBlock } from '@slack/types';
import { actions, bold, button, context, line, linkButton, rich } from '../blocks.ts';
import { count, cut, inSentence, listed, named } from '../text.ts';
import { richMoment } from '../times.ts';

/** One record whose decisions wait for the person whose board it is. */
export interface HomeDecision {
  readonly changeId: string;
  readonly title: string;
  /** Labels of the details that wait. */
  readonly details: readonly string[];
  readonly openedAt: Date;
  /** Where its message is; null where it has none of its own. */
  readonly link: string | null;
}

export interface HomeDecisions {
  /** The oldest few. */
  readonly shown: readonly HomeDecision[];
  /** How many more there are, beside those put off. */
  readonly more: number;
  /** Those that this person wants to hear of later. */
  readonly putOff: number;
}

/** The oldest decisions one by one, each to be gone to or put off. Pure. */
export function decisionBlocks({ shown, more, putOff }: HomeDecisions, zone: string): KnownBlock[] {
  const rest = [
    more > 0 ? `And ${count(more, 'more', 'more')}.` : '',
    putOff > 0
      ? `${count(putOff, 'decision is', 'decisions are')} put off: I remind you of ${putOff === 1 ? 'it' : 'them'} later.`
      : '',
  ].filter((words) => words !== '');
  return [
    ...shown.flatMap((one) => oneDecision(one, zone)),
    ...(rest.length > 0 ? [context('you.rest', rest.join(' '))] : []),
  ];
}

function oneDecision({ changeId, title, details, openedAt, link }: HomeDecision, zone: string): KnownBlock[] {
  const what = cut(listed(details.map((one) => inSentence(named(one, 40)))), 120);
  const go = link
    ? [
        linkButton({
          action: `home_go:${changeId}`,
          label: 'Decide',
          url: link,
          says: `Go to the decision about ${named(title, 40)}`,
          style: 'plain',
        }),
      ]
    : [];
  const later = button({
    action: 'decision_later',
    label: 'Later…',
    value: `${changeId}/-/later/r0`,
    says: `Remind me later of ${named(title, 40)}`,
  });
  return [
    rich(`you.${changeId}`, line(bold(named(title, 80)), `: ${what}, since `, richMoment(zone, openedAt))),
    actions(`you.${changeId}.do`, [...go, later]),
  ];
}
