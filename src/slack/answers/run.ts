import type { Flow } from '../../agreement/agreement.ts';
import type { Run } from '../../ledger/records/lookup.ts';
import { type Desk, type Reply, refusalFor } from '../desk.ts';
import { countFacts } from '../facts/lookup.ts';
import { answer } from '../messages/refusals.ts';
import { defused, escaped } from '../messages/text.ts';
import { mayOperate } from '../people.ts';
import { runEnded } from '../watch.ts';
import type { Asker } from './asker.ts';
import { whilePaused } from './pause.ts';

/** Starts a run, says so, and says what came of it when it has ended. */
export async function runNow(desk: Desk, asker: Asker, flow: Flow, reply: Reply): Promise<void> {
  const refusal = refusalFor(mayOperate(asker.person, flow, desk.home()), 'operate');
  if (refusal) return reply(refusal);
  const paused = await whilePaused(desk, asker, flow);
  if (paused) return reply(paused);
  const since = desk.clock.now();
  await desk.wake({ flow: flow.id, trigger: 'command', askedBy: asker.id });
  await reply(answer(`*${escaped(flow.name)}:* a run starts now. I tell you here when it has ended.`));
  const run = await runEnded(desk, flow.id, { since, askedBy: asker.id });
  if (desk.signal.aborted) return;
  await reply(answer(run ? endWords(desk, flow, run, asker) : lateWords(flow, asker)));
}

function endWords(desk: Desk, flow: Flow, run: Run, asker: Asker): string {
  const counts = countFacts(run.counts, desk.entity(flow.entity).noun)
    .filter(({ n }) => n > 0)
    .map(({ n, what }) => `${n.toLocaleString('en-AU')} ${what}`);
  const did = counts.length > 0 ? counts.join(', ') : 'nothing was new';
  const told = [...(run.failures ?? []), ...(run.notes ?? [])].map(({ message }) => defused(message));
  const failures = [...new Set(told)];
  const next = `\nNext: \`${escaped(asker.command)} lookup ${run.correlationId}\``;
  if (failures.length === 0) return `*${escaped(flow.name)}:* the run is done: ${did}.${next}`;
  const how =
    run.state === 'done'
      ? 'the run is done, in part'
      : run.state === 'parked'
        ? 'the run was put off'
        : 'the run did not work';
  return `*${escaped(flow.name)}:* ${how}: ${did}.\n${failures.slice(0, 3).join('\n')}\nNothing is lost; the next run goes on from here.${next}`;
}

const lateWords = (flow: Flow, asker: Asker): string =>
  `*${escaped(flow.name)}:* no run has ended in the last 10 minutes. See \`${escaped(asker.command)} status ${escaped(flow.id)}\``;
