import type { Flow } from '../../agreement/agreement.ts';
import { backlogOf, wholeOf } from '../../ledger/runs/backlog.ts';
import { type Pause, pauseById } from '../../ledger/runs/pauses.ts';
import { type FactSources, flowOf } from '../deps.ts';
import type { PauseAsk, PauseFacts } from '../messages/status/pause-facts.ts';
import { listed } from '../messages/text.ts';
import { nameOf } from './rollback.ts';

/** Everything that the message about a pause shows; null where its flow has left the agreement. */
export async function pauseFacts(
  sources: FactSources,
  pause: Pause | number,
  drawing = 0,
): Promise<PauseFacts | null> {
  const found = typeof pause === 'number' ? await pauseById(sources.db, pause) : pause;
  const active = sources.agreement();
  const flow = found && flowOf(active, found.flow);
  if (!found || !flow) return null;
  return {
    id: found.id,
    drawing,
    ...aboutFlow(sources, flow),
    command: active.command,
    by: nameOf(active, found.by),
    at: found.at,
    until: found.until,
    ended: found.endedAt && {
      at: found.endedAt,
      by: found.endedBy === null ? null : nameOf(active, found.endedBy),
    },
    waiting: wholeOf(await backlogOf(sources.db, flow)).waiting,
  };
}

/** What the question before a pause shows. `until` is undefined where nothing was typed. */
export function pauseAsk(
  sources: FactSources,
  flow: Flow,
  { until, pause, now }: { until: Date | null | undefined; pause: Pause | null; now: Date },
): PauseAsk {
  const active = sources.agreement();
  return {
    ...aboutFlow(sources, flow),
    until,
    choices: [
      { label: 'For 1 hour', until: new Date(now.getTime() + 3_600_000) },
      { label: 'Until tomorrow, 9 am', until: tomorrowMorning(active.timeZone, now) },
      { label: 'Until I say so', until: null },
    ],
    asked: now,
    now: pause && { by: nameOf(active, pause.by), at: pause.at, until: pause.until },
  };
}

const aboutFlow = (sources: FactSources, flow: Flow) => ({
  flowId: flow.id,
  flowName: flow.name,
  noun: sources.entity(flow.entity).noun,
  between: listed(flow.connections.map(sources.labels)),
  zone: sources.agreement().timeZone,
});

function tomorrowMorning(zone: string, now: Date): Date {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone).toPlainDate();
  const at = today.add({ days: 1 }).toZonedDateTime({ timeZone: zone, plainTime: { hour: 9 } });
  return new Date(at.epochMilliseconds);
}
