import type { Button } from '@slack/types';
import { actions, bold, button, code, context, type Drawn, line, type Piece, rich } from '../blocks.ts';
import { answer } from '../refusals.ts';
import { count, cut, escaped, inSentence, listed, named } from '../text.ts';
import { richMoment } from '../times.ts';
import { type HeldUpFacts, holdUpWords } from './held-up.ts';

/** One decision that waits, as `/sync conflicts` lists it. */
export interface WaitingDecisionFacts {
  readonly reference: string;
  readonly title: string;
  readonly flowId: string;
  readonly flowName: string;
  /** Labels of the details that wait. */
  readonly details: readonly string[];
  readonly openedAt: Date;
  readonly deadline: Date | null;
  readonly heldUp?: HeldUpFacts;
}

export interface WaitingDecisions {
  /** Oldest first. */
  readonly decisions: readonly WaitingDecisionFacts[];
  /** What waits for all of them. */
  readonly heldUp?: HeldUpFacts;
  /** The sync that was asked about; null = all that the asker may see. */
  readonly flowId: string | null;
  readonly command: string;
  readonly zone: string;
}

const perPage = 5;

/** `/sync conflicts`: the decisions that wait, the oldest first, each with a button that shows it. `page` counts from 1. Pure. */
export function drawWaitingDecisions(
  { decisions, flowId, command, zone, heldUp }: WaitingDecisions,
  page: number,
): Drawn {
  if (decisions.length === 0)
    return answer(
      `*No decision waits.* Next: \`${escaped(command)} status${flowId ? ` ${escaped(flowId)}` : ''}\``,
    );
  const pages = Math.ceil(decisions.length / perPage);
  const at = Math.min(Math.max(1, page), pages);
  const from = (at - 1) * perPage;
  const shown = decisions.slice(from, from + perPage);
  const holds = holdUpWords(heldUp, decisions.length);
  const waits = count(decisions.length, 'decision waits', 'decisions wait');
  const head = holds ? `${waits} and ${holds}` : waits;
  const where = pages > 1 ? `, ${from + 1} to ${from + shown.length}, the oldest first` : '';
  return {
    text: `${head}.`,
    blocks: [
      rich('head', line(bold(head), where)),
      ...shown.map((one, i) => rich(`decision.${from + i}`, decisionLine(one, from + i + 1, zone))),
      actions(`show.${at}`, [
        ...shown.map(({ reference, title }, i) =>
          button({
            action: `conflicts_show:${i}`,
            label: `Decide ${from + i + 1}`,
            value: reference,
            says: `Show the decision about ${named(title, 50)}`,
          }),
        ),
        ...(at > 1 ? [turn(flowId, at - 1, 'Previous')] : []),
        ...(at < pages ? [turn(flowId, at + 1, 'Next')] : []),
      ]),
      actions('review', reviewButtons(decisions)),
      context('note', 'Until somebody decides, only these details wait; everything else goes on.'),
    ],
  };
}

/** Through all of a sync's decisions in a form, one after the other. */
function reviewButtons(decisions: readonly WaitingDecisionFacts[]): Button[] {
  const flows = [...new Map(decisions.map(({ flowId, flowName }) => [flowId, flowName]))].slice(0, 5);
  return flows.map(([id, name]) =>
    button({
      action: `decision_review:${id}`,
      label: flows.length === 1 ? 'Review all' : `Review ${named(name, 16)}`,
      value: id,
      says: `Go through all decisions of ${named(name, 40)} that wait`,
      style: 'primary',
    }),
  );
}

const turn = (flowId: string | null, page: number, label: string): Button =>
  button({
    action: `conflicts_page:${page}`,
    label,
    value: flowId ?? 'all',
    says: `${label} decisions, page ${page}`,
  });

function decisionLine(
  { reference, title, flowName, details, openedAt, deadline, heldUp }: WaitingDecisionFacts,
  nr: number,
  zone: string,
) {
  const what = cut(listed(details.map((one) => inSentence(named(one, 40)))), 120);
  const holds = holdUpWords(heldUp, 1);
  const limit: Piece[] = deadline ? [', to be decided by ', richMoment(zone, deadline)] : [];
  return line(
    `${nr}. `,
    bold(named(title, 80)),
    ` (${named(flowName, 40)}): ${what}, since `,
    richMoment(zone, openedAt),
    ...limit,
    ...(holds ? [', ', bold(holds)] : []),
    ' ',
    code(reference),
  );
}
