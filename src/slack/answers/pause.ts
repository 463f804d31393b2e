import type { Flow } from '../../agreement/agreement.ts';
import { lastPause, pauseFlow, pauseOf, resumeFlow } from '../../ledger/runs/pauses.ts';
import { flowOf } from '../deps.ts';
import { type Desk, refusalFor, wakeFor } from '../desk.ts';
import { pauseAsk, pauseFacts } from '../facts/pause.ts';
import type { Drawn } from '../messages/blocks.ts';
import { answer, oldButton } from '../messages/refusals.ts';
import {
  drawPauseAsk,
  drawResumeAsk,
  goesOutLater,
  pausedNow,
  untilWords,
} from '../messages/status/pause.ts';
import { escaped } from '../messages/text.ts';
import { mayOperate } from '../people.ts';
import type { Asker } from './asker.ts';

/** A question is answered while it is fresh: what it says of "1 hour" is true no longer later. */
const freshMs = 15 * 60_000;

/** Says what a pause means, and asks. `until`: null = until somebody says so; undefined = offers a few ends. */
export async function pauseAnswer(
  desk: Desk,
  asker: Asker,
  flow: Flow,
  until: Date | null | undefined,
): Promise<Drawn> {
  const refusal = refusalFor(mayOperate(asker.person, flow, desk.home()), 'operate');
  if (refusal) return refusal;
  const now = desk.clock.now();
  return drawPauseAsk(pauseAsk(desk, flow, { until, pause: await pauseOf(desk.db, flow.id, now), now }));
}

/** "Pause customers": from here on none of its runs begins by itself. `value` = flow, end and when it was asked, as the button carries them. */
export async function pauseNow(desk: Desk, asker: Asker, value: string): Promise<Drawn> {
  const [, id = '', end = '', asked = ''] = /^([a-z0-9_-]+)\/(-|\d{1,15})\/(\d{1,15})$/.exec(value) ?? [];
  const flow = flowOf(desk.agreement(), id);
  if (!flow) return oldButton(asker.command);
  const refusal = refusalFor(mayOperate(asker.person, flow, desk.home()), 'operate');
  if (refusal) return refusal;
  const now = desk.clock.now();
  const until = end === '-' ? null : new Date(Number(end));
  if (now.getTime() - Number(asked) > freshMs || (until && until <= now))
    return answer('That was asked too long ago. Nothing was paused. Please ask again.');
  const { pause, changed } = await desk.db.transaction((tx) =>
    pauseFlow(tx, { flow: flow.id, by: asker.id, until, now }),
  );
  const { timeZone } = desk.agreement();
  const when = untilWords(pause.until, timeZone);
  if (!changed) return answer(`*${escaped(flow.name)}* is paused already, ${when}. Nothing was changed.`);
  desk.log.info({ event: 'paused', flow: flow.id, until }, `${flow.name}: paused`);
  return answer(
    `*${escaped(flow.name)} is paused* ${when}. A run under way ends first.\nNext: \`${escaped(asker.command)} resume ${escaped(flow.id)}\``,
  );
}

/** Says what waits, and asks whether it goes on. */
export async function resumeAnswer(desk: Desk, asker: Asker, flow: Flow): Promise<Drawn> {
  const refusal = refusalFor(mayOperate(asker.person, flow, desk.home()), 'operate');
  if (refusal) return refusal;
  const pause = await pauseOf(desk.db, flow.id, desk.clock.now());
  const facts = pause && (await pauseFacts(desk, pause));
  return facts
    ? drawResumeAsk({ ...facts, command: asker.command })
    : answer(`*${escaped(flow.name)}* is not paused. Nothing was changed.`);
}

/** "Let it go on": its next run reads everything. */
export async function resumeNow(desk: Desk, asker: Asker, value: string): Promise<Drawn> {
  const [, id = '', pauseId = ''] = /^([a-z0-9_-]+)\/(\d+)$/.exec(value) ?? [];
  const flow = flowOf(desk.agreement(), id);
  if (!flow) return oldButton(asker.command);
  const refusal = refusalFor(mayOperate(asker.person, flow, desk.home()), 'operate');
  if (refusal) return refusal;
  const now = desk.clock.now();
  const over = await desk.db.transaction(async (tx) => {
    const open = await lastPause(tx, flow.id);
    return open?.id === Number(pauseId) ? resumeFlow(tx, { flow: flow.id, by: asker.id, now }) : null;
  });
  if (!over) return answer(`That pause of *${escaped(flow.name)}* is over already. Nothing was changed.`);
  desk.log.info({ event: 'resumed', flow: flow.id }, `${flow.name}: goes on`);
  await wakeFor(desk, { flow: flow.id, trigger: 'sweep', askedBy: asker.id });
  return answer(
    `*${escaped(flow.name)} goes on.* The first run reads everything and compares it afresh.\nNext: \`${escaped(asker.command)} status ${escaped(flow.id)}\``,
  );
}

/** Tells whoever decided that it goes out later, where the flow stands still; null where it does not. */
export async function savedLater(desk: Desk, flow: Flow): Promise<Drawn | null> {
  const pause = await pauseOf(desk.db, flow.id, desk.clock.now());
  return pause && goesOutLater({ flowName: flow.name, until: pause.until, zone: desk.agreement().timeZone });
}

/** Why a run cannot be started now: the flow stands still. Null where it does not. */
export async function whilePaused(desk: Desk, asker: Asker, flow: Flow): Promise<Drawn | null> {
  const pause = await pauseOf(desk.db, flow.id, desk.clock.now());
  const facts = pause && (await pauseFacts(desk, pause));
  return facts && pausedNow({ ...facts, command: asker.command });
}
