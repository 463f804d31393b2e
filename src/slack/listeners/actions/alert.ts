import { incidentById } from '../../../ledger/records/lookup.ts';
import { askHandOver, askSnooze, snooze, takeOn, wakeUp } from '../../answers/alert.ts';
import { pauseAnswer } from '../../answers/pause.ts';
import { reprocessFlow } from '../../answers/reprocess-alert.ts';
import { runNow } from '../../answers/run.ts';
import { flowOf } from '../../deps.ts';
import { oldButton, answer as say } from '../../messages/refusals.ts';
import { mention } from '../../messages/text.ts';
import { type Press, readAlertValue } from '../press.ts';
import { showLog } from './show-log.ts';

/** "I’m on it": the others see who takes it, and until when. */
export async function takeAlert({ desk, asker, value, reply }: Press): Promise<void> {
  const read = readAlertValue(value);
  const answer = read ? await takeOn(desk, asker, read.number) : oldButton(asker.command);
  if (answer) await reply(answer);
}

/** "Run now" on an alert: sees whether it works again. */
export async function runAlertFlow({ desk, asker, value, reply }: Press): Promise<void> {
  const read = readAlertValue(value);
  const incident = read && (await incidentById(desk.db, read.number));
  const flow = incident && flowOf(desk.agreement(), incident.flow);
  return flow ? runNow(desk, asker, flow, reply) : reply(oldButton(asker.command));
}

/** "Reprocess…" on an alert: which records of its sync would be run again, and the question. */
export async function reprocessAlert({ desk, asker, value, reply }: Press): Promise<void> {
  const read = readAlertValue(value);
  const incident = read && (await incidentById(desk.db, read.number));
  return reply(incident ? await reprocessFlow(desk, asker, incident.flow) : oldButton(asker.command));
}

/** What is in the menu of an alert. */
export async function moreOfAlert(press: Press): Promise<void> {
  const { desk, asker, value, reply } = press;
  const read = readAlertValue(value);
  if (!read) return reply(oldButton(asker.command));
  const incident = await incidentById(desk.db, read.number);
  switch (read.what) {
    case 'log':
      return showLog({ ...press, value: incident?.correlationId ?? '' });
    case 'snooze':
      return reply(await askSnooze(desk, asker, read.number));
    case 'hand':
      return reply(await askHandOver(desk, asker, read.number));
    case 'pause': {
      const flow = incident && flowOf(desk.agreement(), incident.flow);
      return reply(flow ? await pauseAnswer(desk, asker, flow, undefined) : oldButton(asker.command));
    }
    default:
      return reply(oldButton(asker.command));
  }
}

/** "1 hour" */
export async function snoozeAlert({ desk, asker, value, detail, reply, onAnswer }: Press): Promise<void> {
  const read = readAlertValue(value);
  if (!read) return reply(oldButton(asker.command));
  return reply(await snooze(desk, asker, read.number, new Date(Number(detail))), { replace: onAnswer });
}

/** "Wake": somebody is looked for again at once. */
export async function wakeAlert({ desk, asker, value, reply }: Press): Promise<void> {
  const read = readAlertValue(value);
  const answer = read ? await wakeUp(desk, asker, read.number) : oldButton(asker.command);
  if (answer) await reply(answer);
}

/** "Priya Nair" under the question to whom. */
export async function handAlertTo({ desk, asker, value, detail, reply, onAnswer }: Press): Promise<void> {
  const read = readAlertValue(value);
  if (!read) return reply(oldButton(asker.command));
  const answer = await takeOn(desk, asker, read.number, detail);
  return reply(answer ?? say(`Handed over to ${mention(detail)}, for two hours.`), { replace: onAnswer });
}
