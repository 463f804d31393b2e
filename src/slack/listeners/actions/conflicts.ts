import { conflictsAnswer, decisionAnswer } from '../../answers/conflicts.ts';
import { flowOf } from '../../deps.ts';
import type { Press } from '../press.ts';

/** "Decide 2": that decision beside the list, for whoever pressed. */
export async function showDecision({ desk, asker, value, reply }: Press): Promise<void> {
  await reply(await decisionAnswer(desk, asker, value));
}

/** Another page of the decisions that wait. */
export async function turnDecisions({ desk, asker, value, detail, onAnswer, reply }: Press): Promise<void> {
  const flow = flowOf(desk.agreement(), value);
  const page = Number(detail) || 1;
  await reply(await conflictsAnswer(desk, asker, { flow, page }), { replace: onAnswer });
}
