import { approveFirstLoad } from '../../../ledger/runs/runs.ts';
import { runNow } from '../../answers/run.ts';
import { statusAnswer } from '../../answers/status.ts';
import { flowOf } from '../../deps.ts';
import { refusalFor, wakeFor } from '../../desk.ts';
import { answer, oldButton } from '../../messages/refusals.ts';
import { mayDecide } from '../../people.ts';
import type { Press } from '../press.ts';

/** "See customers" on a status: that one sync. */
export async function seeFlow({ desk, asker, value, reply }: Press): Promise<void> {
  const flow = flowOf(desk.agreement(), value);
  return reply(flow ? await statusAnswer(desk, asker, flow) : oldButton(asker.command));
}

/** "Run now" on a status. */
export async function runFlowNow({ desk, asker, value, reply }: Press): Promise<void> {
  const flow = flowOf(desk.agreement(), value);
  return flow ? runNow(desk, asker, flow, reply) : reply(oldButton(asker.command));
}

/** "Approve" on the counts of a first load: from here on Truce writes. */
export async function approve({ desk, asker, value, reply }: Press): Promise<void> {
  const flow = flowOf(desk.agreement(), value.split('/')[0] ?? '');
  if (!flow) return reply(oldButton(asker.command));
  const refusal = refusalFor(mayDecide(asker.person, flow, desk.home()), 'decide');
  if (refusal) return reply(refusal);
  const now = desk.clock.now();
  const first = await desk.db.transaction((tx) => approveFirstLoad(tx, { flow: flow.id, by: asker.id, now }));
  if (!first) return reply(answer('It was approved already. Nothing was changed twice.'));
  desk.log.info({ event: 'first_load_approved', flow: flow.id }, `${flow.name}: the first load was approved`);
  await wakeFor(desk, { flow: flow.id, trigger: 'decision', askedBy: asker.id });
}
